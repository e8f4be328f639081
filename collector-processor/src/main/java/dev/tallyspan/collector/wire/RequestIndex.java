package dev.tallyspan.collector.wire;

import java.util.Arrays;

/**
 * Where in the bytes of a request the items are that somebody wants to see: spans or log records,
 * with the envelopes around them. The bytes must not be written to while the index is in use.
 * Immutable, so that threads may share it.
 */
public final class RequestIndex {

  /*
   * The request is three levels of envelopes around the spans, and the same around log records:
   *
   *   request         | tag length [ ResourceSpans ] ...
   *   ResourceSpans   | resource, tag length [ ScopeSpans ] ..., schema_url, in any order
   *   ScopeSpans      | scope, tag length [ Span ] ..., schema_url, in any order
   *   Span            | fields in any order; attributes are a repeated field of KeyValue
   *
   * Each envelope and each item is four places: of its tag, its length, its content, and its end.
   * Of an item there are also its number among all items and the scope that it is in; of a scope,
   * the resource. An envelope without an item that somebody wants is not in here, so that a request
   * about something else costs the three fields above its arrays.
   */
  static final int AT = 0;
  static final int LENGTH_AT = 1;
  static final int START = 2;
  static final int END = 3;

  /** The index of the envelope around. */
  static final int PARENT = 4;

  /** The number among all items of the request. */
  private static final int ORDINAL = 5;

  private static final int STRIDE = 6;

  private static final int[] NONE = {};

  final byte[] bytes;
  final int offset;
  final int length;
  private final int items;
  private final int[] resources;
  private final int[] scopes;
  private final int[] wanted;
  private final int size;

  private RequestIndex(Builder builder) {
    this.bytes = builder.bytes;
    this.offset = builder.offset;
    this.length = builder.length;
    this.items = builder.items;
    this.resources = builder.resources;
    this.scopes = builder.scopes;
    this.wanted = builder.wanted;
    this.size = builder.wantedCount;
  }

  /** The number of spans or log records in the request, wanted or not. */
  public int items() {
    return items;
  }

  /** The number of items that somebody wants to see. */
  public int size() {
    return size;
  }

  /** The number of the item at {@code index} among all items of the request, from 0. */
  public int ordinal(int index) {
    return wanted[index * STRIDE + ORDINAL];
  }

  int item(int index, int place) {
    return wanted[index * STRIDE + place];
  }

  int scope(int scope, int place) {
    return scopes[scope * STRIDE + place];
  }

  int resource(int resource, int place) {
    return resources[resource * STRIDE + place];
  }

  /** Takes items in the order of their bytes. Not thread-safe. */
  static final class Builder {
    private final byte[] bytes;
    private final int offset;
    private final int length;
    private int items;
    private int[] resources = NONE;
    private int[] scopes = NONE;
    private int[] wanted = NONE;
    private int resourceCount;
    private int scopeCount;
    private int wantedCount;

    Builder(byte[] bytes, int offset, int length) {
      this.bytes = bytes;
      this.offset = offset;
      this.length = length;
    }

    /** There is one more item. */
    void count() {
      items++;
    }

    /** Adds an envelope; returns its index. */
    int resource(int at, int lengthAt, int start, int end) {
      resources = put(resources, resourceCount, at, lengthAt, start, end, 0, 0);
      return resourceCount++;
    }

    /** Adds an envelope within the resource at this index; returns its own. */
    int scope(int at, int lengthAt, int start, int end, int resource) {
      scopes = put(scopes, scopeCount, at, lengthAt, start, end, resource, 0);
      return scopeCount++;
    }

    /** The item counted last is wanted. */
    void want(int at, int lengthAt, int start, int end, int scope) {
      wanted = put(wanted, wantedCount++, at, lengthAt, start, end, scope, items - 1);
    }

    RequestIndex build() {
      return new RequestIndex(this);
    }

    private static int[] put(
        int[] all, int index, int at, int lengthAt, int start, int end, int parent, int ordinal) {
      int to = index * STRIDE;
      int[] places = to < all.length ? all : Arrays.copyOf(all, Math.max(2 * to, 4 * STRIDE));
      places[to + AT] = at;
      places[to + LENGTH_AT] = lengthAt;
      places[to + START] = start;
      places[to + END] = end;
      places[to + PARENT] = parent;
      places[to + ORDINAL] = ordinal;
      return places;
    }
  }
}
