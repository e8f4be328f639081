package dev.tallyspan.collector.wire;

import static java.util.Objects.requireNonNull;

/**
 * Edits the items of indexed requests in their encoded form. An item that is not edited keeps its
 * bytes, and so does everything around the items, including unknown fields.
 *
 * <p>Thread-safe. Keeps about 20 KB for each thread that uses it, and up to a few MB after large
 * requests. A result refers to the bytes of the request and needs memory only for what was added.
 *
 * @param <I> spans or log records
 * @param <X> receives the changes to one item
 */
public abstract sealed class RequestSplicer<I extends WireItem, X extends ItemEdits>
    permits TraceSplicer, LogSplicer {

  /*
   * An edit replaces a range of the request: removed attributes are cut, new ones are inserted at the
   * end of the item, and where a length changes, the envelope's header (tag and length) is replaced.
   * This is correct for any order of the fields, because protobuf allows a repeated field to be
   * interleaved with others. An envelope's new length is known only after all of its content, but
   * its header comes first; so a place is reserved for it and filled afterwards, or left empty if
   * nothing in the envelope changed. An unchanged header keeps its bytes, including padded varints.
   */

  /** More than all headers around an item can grow together. */
  private static final int HEADERS = 64;

  private final ThreadLocal<Pass> passes = ThreadLocal.withInitial(Pass::new);

  RequestSplicer() {}

  /**
   * Passes the items that concern {@code editor} to it, on the calling thread, and applies its
   * changes.
   *
   * @return the edited request; if nothing changed, one slice of the original bytes
   */
  public final Slices splice(RequestIndex request, ItemEditor<? super I, ? super X> editor) {
    requireNonNull(editor, "editor");
    Pass pass = passes.get();
    // An editor may edit another request within its call.
    return (pass.busy ? new Pass() : pass).splice(request, editor);
  }

  abstract ItemReader<I> newReader();

  abstract X newEdits();

  /** Discards all edits, and prepares for this item. */
  abstract void reset(X edits, I item);

  /** Determines the effect of the edits on this item. Returns whether they change anything. */
  abstract boolean resolve(X edits, I item);

  /** Edits one request after another for one thread, and reuses its memory. */
  private final class Pass {

    private final ItemReader<I> reader = newReader();
    private final X edits = newEdits();
    private final Splices splices = new Splices();
    private boolean busy;
    private long growth;

    /* The open envelopes: their indices (-1 = none), their reserved places, their growth so far. */
    private int resource;
    private int resourcePlace;
    private long resourceGrowth;
    private int scope;
    private int scopePlace;
    private long scopeGrowth;

    Slices splice(RequestIndex request, ItemEditor<? super I, ? super X> editor) {
      busy = true;
      splices.reset();
      growth = 0;
      resource = -1;
      scope = -1;
      try {
        for (int i = 0; i < request.size(); i++) {
          if (editor.concerns(request.ordinal(i))) {
            edit(request, i, editor);
          }
        }
        closeResource(request);
        if (splices.isEmpty()) {
          Slices same = new Slices();
          same.add(request.bytes, request.offset, request.length);
          return same;
        }
        return splices.apply(request.bytes, request.offset, request.length);
      } finally {
        reader.close();
        edits.reset();
        splices.shrink(ItemReader.KEPT_BYTES);
        edits.shrink(ItemReader.KEPT_BYTES);
        busy = false;
      }
    }

    private void edit(RequestIndex request, int i, ItemEditor<? super I, ? super X> editor) {
      try {
        I item = reader.read(request, i);
        reset(edits, item);
        editor.edit(request.ordinal(i), item, edits);
        if (!resolve(edits, item)) {
          return;
        }
      } catch (MalformedRequestException | RuntimeException | StackOverflowError e) {
        editor.failed(e);
        return;
      }
      long delta = edits.appendedSize() - edits.cutSize();
      // Lengths are ints.
      if (growth + Math.max(0, delta) + HEADERS > Integer.MAX_VALUE - request.bytes.length) {
        editor.failed(new IllegalStateException("the request would exceed 2 GiB"));
        return;
      }
      enter(request, request.item(i, RequestIndex.PARENT));
      scopeGrowth += item(request, i, delta);
    }

    /** Applies the changes to an item. Returns the growth of the item and its header. */
    private long item(RequestIndex request, int i, long delta) {
      int at = request.item(i, RequestIndex.AT);
      int start = request.item(i, RequestIndex.START);
      int end = request.item(i, RequestIndex.END);
      int place = splices.reserve(at);
      long total = delta;
      if (delta != 0) {
        int lengthAt = request.item(i, RequestIndex.LENGTH_AT);
        int length = (int) (end - start + delta);
        total += replaceHeader(request.bytes, place, at, lengthAt, start, length);
      }
      for (int cut = 0; cut < edits.cutCount(); cut++) {
        long range = edits.cut(cut);
        splices.replace(Wire.high(range), (int) range, 0, 0);
      }
      Additions added = splices.added();
      int addStart = added.size();
      edits.appendTo(added);
      splices.replace(end, end, addStart, added.size());
      growth += Math.max(0, total) + HEADERS;
      return total;
    }

    /** Opens the envelopes around an item that changes, and closes the previous ones. */
    private void enter(RequestIndex request, int scopeIndex) {
      if (scopeIndex == scope) {
        return;
      }
      int resourceIndex = request.scope(scopeIndex, RequestIndex.PARENT);
      if (resourceIndex == resource) {
        closeScope(request);
      } else {
        closeResource(request);
        resource = resourceIndex;
        resourcePlace = splices.reserve(request.resource(resourceIndex, RequestIndex.AT));
        resourceGrowth = 0;
      }
      scope = scopeIndex;
      scopePlace = splices.reserve(request.scope(scopeIndex, RequestIndex.AT));
      scopeGrowth = 0;
    }

    private void closeScope(RequestIndex request) {
      if (scope >= 0 && scopeGrowth != 0) {
        int start = request.scope(scope, RequestIndex.START);
        long length = request.scope(scope, RequestIndex.END) - start + scopeGrowth;
        int at = request.scope(scope, RequestIndex.AT);
        int lengthAt = request.scope(scope, RequestIndex.LENGTH_AT);
        resourceGrowth +=
            scopeGrowth
                + replaceHeader(request.bytes, scopePlace, at, lengthAt, start, (int) length);
      }
      scope = -1;
    }

    private void closeResource(RequestIndex request) {
      closeScope(request);
      if (resource >= 0 && resourceGrowth != 0) {
        int start = request.resource(resource, RequestIndex.START);
        long length = request.resource(resource, RequestIndex.END) - start + resourceGrowth;
        int at = request.resource(resource, RequestIndex.AT);
        int lengthAt = request.resource(resource, RequestIndex.LENGTH_AT);
        replaceHeader(request.bytes, resourcePlace, at, lengthAt, start, (int) length);
      }
      resource = -1;
    }

    /**
     * Replaces the header by one with the same tag and another length.
     *
     * @return the growth of the header
     */
    private int replaceHeader(byte[] b, int place, int at, int lengthAt, int start, int length) {
      Additions added = splices.added();
      int addStart = added.size();
      added.append(b, at, lengthAt - at);
      added.varint(length);
      splices.fill(place, at, start, addStart, added.size());
      return added.size() - addStart - (start - at);
    }
  }
}
