package dev.tallyspan.collector.wire;

import java.util.Objects;

/**
 * Selects items of requests. Thread-safe.
 *
 * <p>An indexer rejects malformed bytes in the envelopes (request, {@code ResourceSpans}, {@code
 * ScopeSpans}), in the fields of items, and in the lengths of their attributes' keys and values. It
 * checks a selected item only up to the field that matches; {@link ItemReader} checks the rest. A
 * known field with another wire type is treated as unknown, as protobuf-java does.
 */
public abstract sealed class RequestIndexer permits TraceIndexer, LogIndexer {

  private final String what;

  /**
   * @param what the name of an item in error messages
   */
  RequestIndexer(String what) {
    this.what = what;
  }

  /**
   * Indexes a request in one pass.
   *
   * @param request must not be modified while the index is in use
   * @throws MalformedRequestException if the bytes are not a valid request
   */
  public final RequestIndex index(byte[] request, int offset, int length)
      throws MalformedRequestException {
    Objects.checkFromIndexSize(offset, length, request.length);
    Walk walk = new Walk(request, new RequestIndex.Builder(request, offset, length), scan());
    try {
      walk.request(offset, offset + length);
    } catch (WireFault e) {
      throw e.relativeTo(offset);
    }
    return walk.index.build();
  }

  /** Returns the scan for one request, which only one thread uses. */
  abstract ItemScan scan();

  /**
   * The pass over one request. It follows lengths and never looks into what it does not need; for
   * most items, it only scans the keys.
   */
  private final class Walk {

    /**
     * Items larger than this most likely have a long text, and other fields in the last bytes after
     * it.
     */
    private static final int LARGE = 2048;

    private static final int TAIL = 1024;

    /** The part of the next item that is almost certain to be read. */
    private static final int HEAD = 512;

    private static final int CACHE_LINE = 64;

    private final byte[] b;
    private final RequestIndex.Builder index;
    private final ItemScan scan;

    /** Never read; it prevents the compiler from eliminating the reads of {@link #touch}. */
    private int touched;

    /* The envelopes around the current item; the indices are -1 until an item is selected. */
    private int resource;
    private int resourceAt;
    private int resourceLengthAt;
    private long resourceContent;
    private int scope;
    private int scopeAt;
    private int scopeLengthAt;
    private long scopeContent;

    Walk(byte[] b, RequestIndex.Builder index, ItemScan scan) {
      this.b = b;
      this.index = index;
      this.scan = scan;
    }

    void request(int start, int end) throws WireFault {
      int pos = start;
      while (pos < end) {
        int at = pos;
        long read = Wire.varint(b, pos, end, "tag", at);
        int tag = (int) read;
        if (tag == OtlpFields.REQUEST_RESOURCES) {
          resource = -1;
          resourceAt = at;
          resourceLengthAt = Wire.high(read);
          resourceContent = Wire.content(b, resourceLengthAt, end, "resource spans", at);
          pos = (int) resourceContent;
          resourceSpans(Wire.high(resourceContent), pos);
        } else {
          pos = Wire.skip(b, Wire.high(read), end, tag, at, /* depth= */ 0);
        }
      }
    }

    private void resourceSpans(int start, int end) throws WireFault {
      int pos = start;
      while (pos < end) {
        int at = pos;
        long read = Wire.varint(b, pos, end, "tag", at);
        int tag = (int) read;
        if (tag == OtlpFields.RESOURCE_SCOPES) {
          scope = -1;
          scopeAt = at;
          scopeLengthAt = Wire.high(read);
          scopeContent = Wire.content(b, scopeLengthAt, end, "scope spans", at);
          pos = (int) scopeContent;
          scopeSpans(Wire.high(scopeContent), pos);
        } else {
          pos = Wire.skip(b, Wire.high(read), end, tag, at, OtlpFields.RESOURCES_DEPTH);
        }
      }
    }

    private void scopeSpans(int start, int end) throws WireFault {
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
          index.count();
          if (pos - Wire.high(content) > LARGE) {
            touch(pos - TAIL, Math.min(pos + HEAD, end));
          }
          if (scan.matches(b, Wire.high(content), pos)) {
            want(at, lengthAt, content);
          }
        } else {
          pos = Wire.skip(b, pos, end, tag, at, OtlpFields.SCOPES_DEPTH);
        }
      }
    }

    private void want(int at, int lengthAt, long content) {
      if (resource < 0) {
        resource =
            index.resource(
                resourceAt, resourceLengthAt, Wire.high(resourceContent), (int) resourceContent);
      }
      if (scope < 0) {
        scope =
            index.scope(
                scopeAt, scopeLengthAt, Wire.high(scopeContent), (int) scopeContent, resource);
      }
      index.want(at, lengthAt, Wire.high(content), (int) content, scope);
    }

    /**
     * Loads cache lines before they are needed. After the jump over a long text, every line would
     * be a cache miss, one after another; requested together, the lines arrive in the time of one.
     */
    private void touch(int from, int to) {
      int sum = 0;
      for (int i = from; i < to; i += CACHE_LINE) {
        sum += b[i];
      }
      touched = sum;
    }
  }
}
