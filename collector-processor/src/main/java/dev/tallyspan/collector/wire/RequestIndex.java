package dev.tallyspan.collector.wire;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The positions of the selected spans or log records in the bytes of a request, and of the
 * envelopes around them. The bytes must not be modified while the index is in use. Thread-safe.
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
   * Each envelope and each item has four positions: of its tag, its length, its content, and its
   * end. An item also has its index among all items and its scope; a scope also has its resource.
   * An envelope without a selected item is left out, so an index without selected items needs no
   * arrays.
   */
  static final int AT = 0;
  static final int LENGTH_AT = 1;
  static final int START = 2;
  static final int END = 3;

  /** The index of the enclosing envelope. */
  static final int PARENT = 4;

  /** The index among all items of the request. */
  private static final int ORDINAL = 5;

  private static final int STRIDE = 6;

  private static final int[] NONE = {};
  private static final AtomicReferenceArray<int[]> NONE_FOUND = new AtomicReferenceArray<>(0);

  final byte[] bytes;
  final int offset;
  final int length;
  private final int items;
  private final int[] resources;
  private final int[] scopes;
  private final int[] wanted;
  private final int size;

  /** The positions within each item, kept by the {@link ItemReader} that read it first. */
  private final AtomicReferenceArray<int @Nullable []> found;

  private RequestIndex(Builder builder) {
    this.bytes = builder.bytes;
    this.offset = builder.offset;
    this.length = builder.length;
    this.items = builder.items;
    this.resources = builder.resources;
    this.scopes = builder.scopes;
    this.wanted = builder.wanted;
    this.size = builder.wantedCount;
    this.found = size == 0 ? NONE_FOUND : new AtomicReferenceArray<>(size);
  }

  /** The number of spans or log records in the request, selected or not. */
  public int items() {
    return items;
  }

  /** The number of selected items. */
  public int size() {
    return size;
  }

  /**
   * The index, among all items of the request, of the selected item at {@code index}; both from 0.
   */
  public int ordinal(int index) {
    return wanted[index * STRIDE + ORDINAL];
  }

  /**
   * The resource of the selected item at {@code index}, as a number that no other resource of the
   * request has: the position of its envelope.
   */
  public int resourceAt(int index) {
    int scope = wanted[index * STRIDE + PARENT];
    return resources[scopes[scope * STRIDE + PARENT] * STRIDE + AT];
  }

  /** Returns what {@link #found(int, int[])} was given for the item; null if nothing. */
  int @Nullable [] found(int index) {
    return found.getAcquire(index);
  }

  /** Keeps the positions in an item for those who read it again; they must not be modified. */
  void found(int index, int[] positions) {
    found.setRelease(index, positions);
  }

  /**
   * Takes over the positions that were found in items of another index of the same bytes, so that
   * they need not be read again. Has no effect if the bytes differ.
   */
  public void takeOver(RequestIndex other) {
    if (other.bytes != bytes || other.offset != offset || other.length != length) {
      return;
    }
    int own = 0;
    for (int i = 0; i < other.size(); i++) {
      int[] positions = other.found(i);
      int ordinal = other.ordinal(i);
      while (own < size && ordinal(own) < ordinal) {
        own++;
      }
      if (positions != null && own < size && ordinal(own) == ordinal) {
        found(own, positions);
      }
    }
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

  /** Receives items in the order of their bytes. Not thread-safe. */
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

    /** Counts an item, selected or not. */
    void count() {
      items++;
    }

    /** Adds a resource's envelope and returns its index. */
    int resource(int at, int lengthAt, int start, int end) {
      resources = put(resources, resourceCount, at, lengthAt, start, end, 0, 0);
      return resourceCount++;
    }

    /**
     * Adds a scope's envelope, in the resource at index {@code resource}, and returns its index.
     */
    int scope(int at, int lengthAt, int start, int end, int resource) {
      scopes = put(scopes, scopeCount, at, lengthAt, start, end, resource, 0);
      return scopeCount++;
    }

    /** Selects the item that was counted last. */
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
