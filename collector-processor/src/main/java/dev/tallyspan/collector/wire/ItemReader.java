package dev.tallyspan.collector.wire;

import org.jspecify.annotations.Nullable;

/**
 * Reads the items of indexed requests, one after another, into the same memory. Not thread-safe.
 *
 * <p>Reading an item checks everything that its getters return and records where it is, so that no
 * getter can meet malformed bytes. The reader rejects malformed bytes in the item's fields, values,
 * events and status, in its resource and in its scope, and more than 100 levels of nesting, the
 * limit of protobuf-java. It accepts two things that protobuf-java rejects: strings that are not
 * valid UTF-8, which are decoded with U+FFFD in place of invalid bytes, and any content of fields
 * that it skips by their length, such as links.
 *
 * @param <I> spans or log records
 */
public abstract sealed class ItemReader<I extends WireItem> implements AutoCloseable
    permits SpanReader, LogReader {

  /*
   * Protobuf allows a singular message field to occur several times; the parts are then merged. A
   * resource in parts has the attributes of all parts; for the scalar fields of a scope or a status,
   * the last occurrence counts. A value is a special case: of its members, the last one counts, but
   * two arrays are merged. Its parts are concatenated, which is the encoding of the merged value,
   * and read from that copy. Two arrays with a member of another type between them are not merged:
   * the protobuf specification says so, although protobuf-java's generated classes merge them. All
   * of this applies only to reading. What is written is always the span's own bytes.
   *
   * Resource and scope may follow the items, so the whole envelope is searched for them.
   *
   * An item is read at least twice, to understand it and to write it. The positions found the first
   * time are kept with the index, so the second reading only copies them.
   */

  /** Memory beyond this is released after the request that needed it. */
  static final int KEPT_BYTES = 1 << 20;

  private final WireResource resource = new WireResource();
  private final WireScope scope = new WireScope();

  /** Null before the first item, and after an item that needed too much memory to be kept. */
  private @Nullable I item;

  /** The request whose envelopes were read last, and their indices; -1 = none. */
  private @Nullable RequestIndex current;

  private int currentResource;
  private int currentScope;

  ItemReader() {}

  abstract I newItem(WireResource resource, WireScope scope);

  /**
   * Reads an item.
   *
   * @param index from 0 to {@link RequestIndex#size} - 1
   * @return the item, valid until the next one is read or the reader is closed; strings and arrays
   *     that it returned remain valid
   * @throws MalformedRequestException if the item, its resource or its scope is not valid protobuf
   * @throws TooManyValuesException if the item or its resource has more than 262,144 keys and
   *     values
   */
  public final I read(RequestIndex request, int index) throws MalformedRequestException {
    I read;
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
      read = item;
      if (read == null) {
        read = newItem(resource, scope);
        item = read;
      }
      int[] found = request.found(index);
      if (found != null) {
        read.restore(request.bytes, found);
      } else {
        int start = request.item(index, RequestIndex.START);
        read.read(request.bytes, start, request.item(index, RequestIndex.END));
        int[] positions = read.save();
        if (positions != null) {
          request.found(index, positions);
        }
      }
    } catch (WireFault e) {
      current = null;
      throw e.relativeTo(request.offset);
    }
    if (resource.tooLarge()) {
      throw new TooManyValuesException("the resource has too many keys and values");
    }
    return read;
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

  /** Releases the request. The reader can be reused. */
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
