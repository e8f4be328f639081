package dev.tallyspan.collector.wire;

/**
 * Reads the items of indexed requests, one after another into the same memory. Not thread-safe.
 *
 * <p>All that may be asked of an item is checked when it is read, and its place is noted, so that
 * nothing done with it can meet malformed bytes. What is refused: malformed bytes in the item's
 * fields, values, events and status, in its resource and in its scope, to protobuf-java's limit of
 * 100 levels. What is accepted although protobuf-java refuses it: strings that are not valid UTF-8,
 * which read with U+FFFD in place of what is not valid, and anything inside of what is skipped by
 * its length, such as links.
 *
 * @param <I> spans or log records
 */
public abstract sealed class ItemReader<I extends WireItem> implements AutoCloseable
    permits SpanReader, LogReader {

  /*
   * A message field that must occur once may occur in parts, to be merged. A resource in parts has
   * the attributes of all; of a scope's or a status's scalar fields the last counts. A value is
   * different, since of its members the last counts but two arrays are merged: its parts are
   * appended to each other, which is the encoding of the merger, and are read from that copy. An
   * array before a member of another type, and another array after it, are not parts of one:
   * protobuf says so, though protobuf-java's generated classes merge them. Only reading does any of
   * this. What is written is always the span's own bytes.
   *
   * Resource and scope may come behind the items, so they are looked for in all of their envelope.
   */

  /** Memory beyond this is given back after a request that took it. */
  static final int KEPT_BYTES = 1 << 20;

  private final WireResource resource = new WireResource();
  private final WireScope scope = new WireScope();

  /** Null if there was none yet, or if the last one took too much memory to be kept. */
  private I item;

  /** The request whose envelopes were read last, and which they are; -1 for none. */
  private RequestIndex current;

  private int currentResource;
  private int currentScope;

  ItemReader() {}

  abstract I newItem(WireResource resource, WireScope scope);

  /**
   * Reads an item.
   *
   * @param index from 0 to {@link RequestIndex#size} - 1
   * @return valid until the next one is read or the reader is closed; strings and arrays that it
   *     returned may be kept
   * @throws MalformedRequestException if the item, its resource or its scope is not protobuf
   * @throws TooManyValuesException if the item or its resource has more than 262,144 keys and
   *     values
   */
  public final I read(RequestIndex request, int index) throws MalformedRequestException {
    try {
      int scopeIndex = request.item(index, RequestIndex.PARENT);
      if (request != current) {
        current = request;
        currentResource = -1;
        currentScope = -1;
      }
      if (scopeIndex != currentScope) {
        enter(request, scopeIndex);
      }
      if (item == null) {
        item = newItem(resource, scope);
      }
      int start = request.item(index, RequestIndex.START);
      item.read(request.bytes, start, request.item(index, RequestIndex.END));
    } catch (WireFault e) {
      current = null;
      throw e.relativeTo(request.offset);
    }
    if (resource.tooLarge()) {
      throw new TooManyValuesException("the resource has too many keys and values");
    }
    return item;
  }

  private void enter(RequestIndex request, int scopeIndex) throws WireFault {
    int resourceIndex = request.scope(scopeIndex, RequestIndex.PARENT);
    if (resourceIndex != currentResource) {
      resource.find(
          request.bytes,
          request.resource(resourceIndex, RequestIndex.START),
          request.resource(resourceIndex, RequestIndex.END));
      currentResource = resourceIndex;
    }
    scope.find(
        request.bytes,
        request.scope(scopeIndex, RequestIndex.START),
        request.scope(scopeIndex, RequestIndex.END));
    currentScope = scopeIndex;
  }

  /** Lets go of the request. The reader can be used again. */
  @Override
  public final void close() {
    current = null;
    resource.forget(KEPT_BYTES);
    scope.forget();
    if (item != null && item.memory() > KEPT_BYTES) {
      item = null;
    } else if (item != null) {
      item.forget();
    }
  }
}
