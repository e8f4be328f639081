package dev.tallyspan.collector.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What an indexer, a reader and a splicer together make of a request, with what can be counted. */
final class Rewritten {

  /** An editor of tests, which edits every item that is wanted. */
  interface Edit<I extends WireItem, X extends ItemEdits> {
    void edit(I item, X edits);

    default void failed(Throwable cause) {}
  }

  private final RequestIndex index;
  private final Slices body;
  private final int edited;
  private final int fallbacks;
  private final List<Throwable> failures = new ArrayList<>();

  private <I extends WireItem, X extends ItemEdits> Rewritten(
      RequestIndexer indexer,
      RequestSplicer<I, X> splicer,
      RequestIndex index,
      Edit<? super I, ? super X> editor)
      throws MalformedRequestException {
    this.index = index;
    this.fallbacks = read(index, splicer.newReader());
    this.body =
        splicer.splice(
            index,
            new ItemEditor<I, X>() {
              @Override
              public void edit(int ordinal, I item, X edits) {
                editor.edit(item, edits);
              }

              @Override
              public void failed(Throwable cause) {
                failures.add(cause);
                editor.failed(cause);
              }
            });
    byte[] out = body.toByteArray();
    this.edited = changes(index, indexer.index(out, 0, out.length));
  }

  static <I extends WireItem, X extends ItemEdits> Rewritten of(
      RequestIndexer indexer,
      RequestSplicer<I, X> splicer,
      byte[] request,
      int offset,
      int length,
      Edit<? super I, ? super X> editor)
      throws MalformedRequestException {
    return new Rewritten(indexer, splicer, indexer.index(request, offset, length), editor);
  }

  /** Reads all items as a processor does; returns how many have values in parts. */
  static int read(RequestIndex index, ItemReader<?> reader) throws MalformedRequestException {
    int split = 0;
    for (int i = 0; i < index.size(); i++) {
      try {
        split += reader.read(index, i).split() ? 1 : 0;
      } catch (TooManyValuesException e) {
        // the splicer meets it, too
      }
    }
    return split;
  }

  private static int changes(RequestIndex before, RequestIndex after) {
    int changes = 0;
    for (int i = 0; i < before.size(); i++) {
      changes += Arrays.equals(item(before, i), itemOf(after, before.ordinal(i))) ? 0 : 1;
    }
    return changes;
  }

  private static byte[] itemOf(RequestIndex index, int ordinal) {
    for (int i = 0; i < index.size(); i++) {
      if (index.ordinal(i) == ordinal) {
        return item(index, i);
      }
    }
    return null;
  }

  private static byte[] item(RequestIndex index, int i) {
    return Arrays.copyOfRange(
        index.bytes, index.item(i, RequestIndex.START), index.item(i, RequestIndex.END));
  }

  Slices body() {
    return body;
  }

  /** Whether the body is the very bytes that came, in one slice. */
  boolean unchanged() {
    return body.refersTo(index.bytes, index.offset, index.length);
  }

  int items() {
    return index.items();
  }

  int edited() {
    return edited;
  }

  int fallbacks() {
    return fallbacks;
  }

  int failed() {
    return failures.size();
  }

  /** The first of the failures; null if there was none. */
  Throwable failure() {
    return failures.isEmpty() ? null : failures.get(0);
  }
}
