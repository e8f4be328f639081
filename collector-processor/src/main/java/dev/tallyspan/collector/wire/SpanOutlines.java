package dev.tallyspan.collector.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The ids, times and kinds of all spans of a trace request: what the shape of a trace needs, and
 * nothing else. Spans have their positions in the request, from 0. Thread-safe.
 */
public final class SpanOutlines {

  /** OTLP's number for the status "error". */
  private static final int ERROR = 2;

  private static final int TRACE_HIGH = 0;
  private static final int TRACE_LOW = 1;
  private static final int SPAN = 2;
  private static final int PARENT = 3;
  private static final int START = 4;
  private static final int END = 5;
  private static final int TRACE_STATE = 6;
  private static final int STRIDE = 7;

  private static final int TRACE_ID_BYTES = 16;
  private static final int SPAN_ID_BYTES = 8;

  private final RequestIndex index;
  private final long[] fields;
  private final byte[] kinds;
  private final boolean[] errors;

  private SpanOutlines(RequestIndex index, Scan scan) {
    this.index = index;
    this.fields = scan.fields;
    this.kinds = scan.kinds;
    this.errors = scan.errors;
  }

  /**
   * Reads the outlines in one pass.
   *
   * @param request must not be modified while the outlines or their index are in use
   * @throws MalformedRequestException if the bytes are not a valid trace request
   */
  public static SpanOutlines of(byte[] request, int offset, int length)
      throws MalformedRequestException {
    Objects.checkFromIndexSize(offset, length, request.length);
    Scan scan = new Scan();
    RequestIndex index = new TraceIndexer(scan).index(request, offset, length);
    return new SpanOutlines(index, scan);
  }

  /**
   * Whether a request has a span of one of these traces. Reads nothing but the ids, and of a span
   * with several ids, which only a broken sender writes, the first one.
   *
   * @throws MalformedRequestException if the bytes are not a valid trace request
   */
  public static boolean hasTrace(byte[] request, Predicate<TraceId> wanted)
      throws MalformedRequestException {
    IdScan scan = new IdScan(wanted);
    new TraceIndexer(scan).index(request, 0, request.length);
    return scan.found;
  }

  /** An index that selects every span. */
  public RequestIndex index() {
    return index;
  }

  /** The number of spans. */
  public int size() {
    return index.size();
  }

  /** The trace id of the span; not valid if the span has no valid one. */
  public TraceId traceId(int span) {
    return new TraceId(fields[span * STRIDE + TRACE_HIGH], fields[span * STRIDE + TRACE_LOW]);
  }

  /** The trace of the span; null if it has no valid trace id. */
  public @Nullable TraceId trace(int span) {
    TraceId id = traceId(span);
    return id.isValid() ? id : null;
  }

  /** The span id; 0 if there is no valid one. */
  public long spanId(int span) {
    return fields[span * STRIDE + SPAN];
  }

  /** The parent's span id; 0 for a root. */
  public long parentSpanId(int span) {
    return fields[span * STRIDE + PARENT];
  }

  /** Nanoseconds since the epoch; 0 if unknown. */
  public long startEpochNanos(int span) {
    return fields[span * STRIDE + START];
  }

  /** Nanoseconds since the epoch; 0 if unknown. */
  public long endEpochNanos(int span) {
    return fields[span * STRIDE + END];
  }

  /** OTLP's number for the span kind; 0 if unspecified or unknown. */
  public int kind(int span) {
    return kinds[span];
  }

  /** Whether the status of the span is "error". */
  public boolean isError(int span) {
    return errors[span];
  }

  /** The W3C trace state; empty if there is none. */
  public String traceState(int span) {
    long place = fields[span * STRIDE + TRACE_STATE];
    int start = Wire.high(place);
    return new String(index.bytes, start, (int) place - start, StandardCharsets.UTF_8);
  }

  /** Selects no span, and compares its trace id. */
  private static final class IdScan implements ItemScan {

    private final Predicate<TraceId> wanted;
    private @Nullable TraceId last;
    private boolean found;

    IdScan(Predicate<TraceId> wanted) {
      this.wanted = wanted;
    }

    @Override
    public boolean matches(byte[] b, int start, int end) throws WireFault {
      int pos = start;
      while (pos < end && !found) {
        int at = pos;
        long read = Wire.varint(b, at, end, "tag", at);
        pos = Wire.high(read);
        if ((int) read != OtlpFields.SPAN_TRACE_ID) {
          pos = Wire.skip(b, pos, end, (int) read, at, OtlpFields.ITEM_DEPTH);
          continue;
        }
        long content = Wire.content(b, pos, end, "trace id", at);
        int from = Wire.high(content);
        boolean valid = (int) content - from == TRACE_ID_BYTES;
        found(valid ? bigEndian(b, from) : 0, valid ? bigEndian(b, from + 8) : 0);
        return false;
      }
      return false;
    }

    /** Most spans have the id of the span before. */
    private void found(long high, long low) {
      if (last == null || last.high() != high || last.low() != low) {
        last = new TraceId(high, low);
        found = wanted.test(last);
      }
    }
  }

  private static long bigEndian(byte[] b, int at) {
    return Long.reverseBytes(Wire.fixed64(b, at));
  }

  /** Selects every span, and notes its outline. */
  private static final class Scan implements ItemScan {

    private long[] fields = new long[STRIDE * 8];
    private byte[] kinds = new byte[8];
    private boolean[] errors = new boolean[8];
    private int count;

    @Override
    public boolean matches(byte[] b, int start, int end) throws WireFault {
      if (count == kinds.length) {
        fields = Arrays.copyOf(fields, 2 * fields.length);
        kinds = Arrays.copyOf(kinds, 2 * count);
        errors = Arrays.copyOf(errors, 2 * count);
      }
      int to = count * STRIDE;
      int pos = start;
      while (pos < end) {
        int at = pos;
        int tag = b[pos++];
        if (tag < 0) {
          long read = Wire.varint(b, at, end, "tag", at);
          pos = Wire.high(read);
          tag = (int) read;
        }
        switch (tag) {
          case OtlpFields.SPAN_TRACE_ID -> {
            long content = Wire.content(b, pos, end, "trace id", at);
            int from = Wire.high(content);
            pos = (int) content;
            boolean valid = pos - from == TRACE_ID_BYTES;
            fields[to + TRACE_HIGH] = valid ? bigEndian(b, from) : 0;
            fields[to + TRACE_LOW] = valid ? bigEndian(b, from + 8) : 0;
          }
          case OtlpFields.SPAN_ID -> {
            long content = Wire.content(b, pos, end, "span id", at);
            fields[to + SPAN] = spanId(b, content);
            pos = (int) content;
          }
          case OtlpFields.SPAN_TRACE_STATE -> {
            long content = Wire.content(b, pos, end, "trace state", at);
            fields[to + TRACE_STATE] = content;
            pos = (int) content;
          }
          case OtlpFields.SPAN_PARENT_ID -> {
            long content = Wire.content(b, pos, end, "parent span id", at);
            fields[to + PARENT] = spanId(b, content);
            pos = (int) content;
          }
          case OtlpFields.SPAN_START -> {
            int next = Wire.skip(b, pos, end, tag, at, OtlpFields.ITEM_DEPTH);
            fields[to + START] = Wire.fixed64(b, pos);
            pos = next;
          }
          case OtlpFields.SPAN_END -> {
            int next = Wire.skip(b, pos, end, tag, at, OtlpFields.ITEM_DEPTH);
            fields[to + END] = Wire.fixed64(b, pos);
            pos = next;
          }
          case OtlpFields.SPAN_KIND -> {
            long kind = Wire.varint(b, pos, end, "kind", at);
            kinds[count] = (byte) ((int) kind & 0x7F);
            pos = Wire.high(kind);
          }
          case OtlpFields.SPAN_STATUS -> {
            long content = Wire.content(b, pos, end, "status", at);
            errors[count] = isError(b, Wire.high(content), (int) content, errors[count]);
            pos = (int) content;
          }
          default -> pos = Wire.skip(b, pos, end, tag, at, OtlpFields.ITEM_DEPTH);
        }
      }
      count++;
      return true;
    }

    private static long spanId(byte[] b, long content) {
      int from = Wire.high(content);
      return (int) content - from == SPAN_ID_BYTES ? bigEndian(b, from) : 0;
    }

    /** A status that is not protobuf is not an error: such requests are forwarded as they are. */
    private static boolean isError(byte[] b, int start, int end, boolean before) {
      boolean error = before;
      int pos = start;
      try {
        while (pos < end) {
          int at = pos;
          long read = Wire.varint(b, pos, end, "tag", at);
          pos = Wire.high(read);
          int tag = (int) read;
          if (tag == OtlpFields.STATUS_CODE) {
            long code = Wire.varint(b, pos, end, "status code", at);
            error = (int) code == ERROR;
            pos = Wire.high(code);
          } else {
            pos = Wire.skip(b, pos, end, tag, at, OtlpFields.ITEM_DEPTH + 1);
          }
        }
      } catch (WireFault e) {
        return before;
      }
      return error;
    }
  }
}
