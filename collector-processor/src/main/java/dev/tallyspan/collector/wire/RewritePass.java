package dev.tallyspan.collector.wire;

/**
 * One thread's pass over one request after another, with the memory that it reuses.
 *
 * <p>Not thread-safe.
 *
 * @param <I> the items that the requests are about: spans or log records
 * @param <E> who edits them
 */
abstract class RewritePass<I extends WireItem, E> {

  /*
   * The request is three levels of envelopes around the spans, and the same around log records:
   *
   *   request         | tag length [ ResourceSpans ] ...
   *   ResourceSpans   | resource, tag length [ ScopeSpans ] ..., schema_url, in any order
   *   ScopeSpans      | scope, tag length [ Span ] ..., schema_url, in any order
   *   Span            | fields in any order; attributes are a repeated field of KeyValue
   *
   * The walk goes down by lengths and never looks into what it does not need. A span is first
   * scanned for keys (SpanScan, LogScan); most end there. One that somebody wants to see is then
   * read (WireSpan, WireLog): all that the editor may ask for is checked and its place is noted, so that nothing
   * the editor does can meet malformed bytes. Resource and scope may come behind the spans, so they
   * are looked for, in all of their envelope, when the first such span wants them.
   *
   * An edit is a range of the request that goes, with what comes in its place: removed attributes
   * go, set ones come in at the end of the span, and where a length changes, the header of the
   * envelope, its tag and length, is replaced. Protobuf's rules make this right whatever the order
   * of the fields: a repeated field may be interleaved with others. An envelope's new length is
   * known only after all that is in it, yet the header comes first; so a place is reserved for it
   * and filled afterwards, or dropped if nothing in the envelope changed. An unchanged header keeps
   * its bytes, padded varints too.
   *
   * A message field that must occur once may occur in parts, to be merged. A resource in parts has
   * the attributes of all; of a scope's or a status's scalar fields the last counts. A value is
   * different, since of its members the last counts but two arrays are merged: its parts are
   * appended to each other, which is the encoding of the merger, and are read from that copy. An
   * array before a member of another type, and another array after it, are not parts of one:
   * protobuf says so, though protobuf-java's generated classes merge them. Only reading does any of
   * this. What is written is always the span's own bytes.
   */

  /** Memory beyond this is given back after a request that took it. */
  private static final int KEPT_BYTES = 1 << 20;

  /**
   * Items beyond this most likely have a long text, and other fields in the last bytes behind it.
   */
  private static final int LARGE = 2048;

  private static final int TAIL = 1024;

  /** How much of the next item is as good as certain to be read. */
  private static final int HEAD = 512;

  private static final int CACHE_LINE = 64;

  private final String what;
  private final ItemEdits edits;
  private final Splices splices = new Splices();
  private final WireResource resource = new WireResource();
  private final WireScope scope = new WireScope();

  /** Null if there was none yet, or if the last one took too much memory to be kept. */
  private I item;

  private byte[] request;
  private E editor;

  /** Where the envelopes around the current item start and end; start is -1 once looked into. */
  private int resourceSpansStart;

  private int resourceSpansEnd;
  private int scopeSpansStart;
  private int scopeSpansEnd;

  private int items;
  private int edited;
  private int fallbacks;
  private int failed;
  private Throwable failure;
  private long growth;
  private boolean busy;

  /** Read by nobody; it keeps the compiler from dropping the reads of {@link #touch}. */
  private int touched;

  /**
   * @param what an item's name, for faults
   * @param edits takes the changes to one item after another
   */
  RewritePass(String what, ItemEdits edits) {
    this.what = what;
    this.edits = edits;
  }

  abstract I newItem(WireResource resource, WireScope scope);

  /** Whether somebody wants to see the item from {@code start} to {@code end}. */
  abstract boolean matches(byte[] b, int start, int end) throws WireFault;

  /** Has the item edited; whether that changes anything. */
  abstract boolean edit(I item, E editor);

  /** Tells the editor that the item leaves as it came. */
  abstract void failed(E editor, Throwable cause);

  /** Lets go of the request. */
  void forget() {}

  /** Whether an editor of this thread is in the midst of a request. */
  boolean busy() {
    return busy;
  }

  Rewritten rewrite(byte[] request, int offset, int length, E editor) throws WireFault {
    start(request, editor);
    try {
      walkRequest(offset, offset + length);
      Slices body;
      if (splices.isEmpty()) {
        body = new Slices();
        body.add(request, offset, length);
      } else {
        body = splices.apply(request, offset, length);
      }
      return new Rewritten(body, splices.isEmpty(), items, edited, fallbacks, failed, failure);
    } finally {
      finish();
    }
  }

  /** Does all but call an editor; returns the number of items. */
  int check(byte[] request, int offset, int length) throws WireFault {
    start(request, /* editor= */ null);
    try {
      walkRequest(offset, offset + length);
      return items;
    } finally {
      finish();
    }
  }

  private void start(byte[] request, E editor) {
    busy = true;
    if (item == null) {
      item = newItem(resource, scope);
    }
    this.request = request;
    this.editor = editor;
    splices.reset();
    items = 0;
    edited = 0;
    fallbacks = 0;
    failed = 0;
    failure = null;
    growth = 0;
  }

  private void finish() {
    request = null;
    editor = null;
    failure = null;
    edits.reset();
    splices.shrink(KEPT_BYTES);
    edits.shrink(KEPT_BYTES);
    resource.forget(KEPT_BYTES);
    if (item.memory() > KEPT_BYTES) {
      item = null;
    } else {
      item.forget();
    }
    scope.forget();
    forget();
    busy = false;
  }

  private void walkRequest(int pos, int end) throws WireFault {
    byte[] b = request;
    while (pos < end) {
      int at = pos;
      long read = Wire.varint(b, pos, end, "tag", at);
      int tag = (int) read;
      if (tag == OtlpFields.REQUEST_RESOURCES) {
        int lengthAt = Wire.high(read);
        long content = Wire.content(b, lengthAt, end, "resource spans", at);
        pos = (int) content;
        int place = splices.reserve(at);
        long delta = walkResourceSpans(Wire.high(content), pos);
        closeEnvelope(place, at, lengthAt, content, delta);
      } else {
        pos = Wire.skip(b, Wire.high(read), end, tag, at, /* depth= */ 0);
      }
    }
  }

  private long walkResourceSpans(int start, int end) throws WireFault {
    byte[] b = request;
    resourceSpansStart = start;
    resourceSpansEnd = end;
    long growth = 0;
    int pos = start;
    while (pos < end) {
      int at = pos;
      long read = Wire.varint(b, pos, end, "tag", at);
      int tag = (int) read;
      if (tag == OtlpFields.RESOURCE_SCOPES) {
        int lengthAt = Wire.high(read);
        long content = Wire.content(b, lengthAt, end, "scope spans", at);
        pos = (int) content;
        int place = splices.reserve(at);
        long delta = walkScopeSpans(Wire.high(content), pos);
        growth += closeEnvelope(place, at, lengthAt, content, delta);
      } else {
        pos = Wire.skip(b, Wire.high(read), end, tag, at, OtlpFields.RESOURCES_DEPTH);
      }
    }
    return growth;
  }

  private long walkScopeSpans(int start, int end) throws WireFault {
    byte[] b = request;
    scopeSpansStart = start;
    scopeSpansEnd = end;
    long growth = 0;
    int pos = start;
    while (pos < end) {
      int at = pos;
      int tag = b[pos++];
      if (tag < 0) {
        long read = Wire.varint(b, at, end, "tag", at);
        pos = Wire.high(read);
        tag = (int) read;
      }
      if (tag == OtlpFields.SCOPE_ITEMS) {
        int lengthAt = pos;
        long content = Wire.content(b, pos, end, what, at);
        pos = (int) content;
        items++;
        if (pos - Wire.high(content) > LARGE) {
          touch(b, pos - TAIL, Math.min(pos + HEAD, end));
        }
        if (matches(b, Wire.high(content), pos)) {
          growth += editItem(at, lengthAt, content);
        }
      } else {
        pos = Wire.skip(b, pos, end, tag, at, OtlpFields.SCOPES_DEPTH);
      }
    }
    return growth;
  }

  /**
   * Ends an envelope whose content grew by {@code delta}.
   *
   * @param place what {@link Splices#reserve} gave for it
   * @param at where its tag starts
   * @param content where its content starts (high half) and ends
   * @return by how much it grew with its header
   */
  private long closeEnvelope(int place, int at, int lengthAt, long content, long delta) {
    if (splices.count() == place + 1) {
      splices.drop(place);
      return 0;
    }
    if (delta == 0) {
      return 0;
    }
    int start = Wire.high(content);
    int length = (int) ((int) content - start + delta);
    return delta + replaceHeader(place, at, lengthAt, start, length);
  }

  /** Replaces tag and length by the same tag and another length; returns how much longer it is. */
  private int replaceHeader(int place, int at, int lengthAt, int start, int length) {
    ProtobufWriter added = splices.added();
    int addStart = added.size();
    added.append(request, at, lengthAt - at);
    added.varint(length);
    splices.fill(place, at, start, addStart, added.size());
    return added.size() - addStart - (start - at);
  }

  /**
   * Asks for cache lines before they are needed. A long text is jumped over, and what is behind it
   * would be waited for, line after line, wherever memory is slower than the walk; asked for at
   * once, the lines come in the time of one.
   */
  private void touch(byte[] b, int from, int to) {
    int sum = 0;
    for (int i = from; i < to; i += CACHE_LINE) {
      sum += b[i];
    }
    touched = sum;
  }

  private long editItem(int at, int lengthAt, long content) throws WireFault {
    int start = Wire.high(content);
    int end = (int) content;
    if (resourceSpansStart >= 0) {
      resource.find(request, resourceSpansStart, resourceSpansEnd);
      resourceSpansStart = -1;
    }
    if (scopeSpansStart >= 0) {
      scope.find(request, scopeSpansStart, scopeSpansEnd);
      scopeSpansStart = -1;
    }
    try {
      item.read(request, start, end);
      if (item.split()) {
        fallbacks++;
      }
      if (editor == null) {
        return 0;
      }
      if (resource.tooLarge()) {
        throw new TooManyValuesException("the resource has too many keys and values");
      }
      if (!edit(item, editor)) {
        return 0;
      }
    } catch (RuntimeException | StackOverflowError e) {
      fail(e);
      return 0;
    }
    return splice(at, lengthAt, start, end);
  }

  private void fail(Throwable cause) {
    failed++;
    if (failure == null) {
      failure = cause;
    }
    if (editor != null) {
      failed(editor, cause);
    }
  }

  private long splice(int at, int lengthAt, int start, int end) {
    long delta = edits.appendedSize() - edits.cutSize();
    // Lengths are ints; 64 bytes are more than all headers around an item can grow by.
    if (growth + Math.max(0, delta) + 64 > Integer.MAX_VALUE - request.length) {
      fail(new IllegalStateException("the request would exceed 2 GiB"));
      return 0;
    }
    edited++;
    int place = splices.reserve(at);
    long total = delta;
    if (delta != 0) {
      total += replaceHeader(place, at, lengthAt, start, (int) (end - start + delta));
    }
    for (int i = 0; i < edits.cutCount(); i++) {
      long cut = edits.cut(i);
      splices.replace(Wire.high(cut), (int) cut, 0, 0);
    }
    ProtobufWriter added = splices.added();
    int addStart = added.size();
    edits.appendTo(added);
    splices.replace(end, end, addStart, added.size());
    growth += Math.max(0, total) + 64;
    return total;
  }
}
