package dev.tallyspan.collector.wire;

import java.util.HexFormat;

/**
 * One log record within the bytes of a request, with its resource and scope. Getters decode on
 * demand; everything is checked beforehand, so no getter fails because of the record's content.
 *
 * <p>The record and the views that it returns are valid until its {@link ItemReader} reads the next
 * one.
 */
public final class WireLog extends WireItem {

  private final WireValues body = new WireValues(budget);

  private int traceIdStart;
  private int traceIdEnd;
  private int spanIdStart;
  private int spanIdEnd;
  private int eventNameStart;
  private int eventNameEnd;
  private long epochNanos;
  private long observedEpochNanos;
  private int severityNumber;
  private int severityTextStart;
  private int severityTextEnd;

  WireLog(WireResource resource, WireScope scope) {
    super(resource, scope);
  }

  /** The trace id in lowercase hex digits; empty if there is none. */
  public String traceId() {
    return HexFormat.of().formatHex(bytes, traceIdStart, traceIdEnd);
  }

  /** The span id in lowercase hex digits; empty if there is none. */
  public String spanId() {
    return HexFormat.of().formatHex(bytes, spanIdStart, spanIdEnd);
  }

  /** The event's name from the field for it; empty if the field is not set. */
  public String eventName() {
    return text(eventNameStart, eventNameEnd);
  }

  /** When the event occurred, in nanoseconds since the epoch; 0 if unknown. */
  public long epochNanos() {
    return epochNanos;
  }

  /** When the record was collected, in nanoseconds since the epoch; 0 if unknown. */
  public long observedEpochNanos() {
    return observedEpochNanos;
  }

  /** OTLP's number for the severity, 1 to 24; 0 if unspecified. */
  public int severityNumber() {
    return severityNumber;
  }

  /** The severity as the source names it; empty if it does not. */
  public String severityText() {
    return text(severityTextStart, severityTextEnd);
  }

  /** A list with the body as its only value; an empty list if there is no body. */
  public WireValues body() {
    return body;
  }

  @Override
  void read(byte[] b, int start, int end) throws WireFault {
    reset(b, start);
    WireAttributes attributes = attributes();
    int depth = OtlpFields.ITEM_DEPTH;
    int bodies = 0;
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
        case OtlpFields.LOG_ATTRIBUTES -> {
          long content = Wire.content(b, pos, end, "attribute", at);
          pos = (int) content;
          ownSplit |= attributes.add(b, at, Wire.high(content), pos, depth);
        }
        case OtlpFields.LOG_BODY -> {
          long content = Wire.content(b, pos, end, "body", at);
          pos = (int) content;
          ownSplit |= body.addPart(b, at, Wire.high(content), pos, depth);
          bodies++;
        }
        case OtlpFields.LOG_TRACE_ID,
            OtlpFields.LOG_SPAN_ID,
            OtlpFields.LOG_EVENT_NAME,
            OtlpFields.LOG_SEVERITY_TEXT -> {
          long content = Wire.content(b, pos, end, "field", at);
          pos = (int) content;
          take(tag, Wire.high(content), pos);
        }
        case OtlpFields.LOG_TIME -> {
          pos = Wire.skip(b, pos, end, tag, at, depth);
          epochNanos = Wire.fixed64(b, pos - 8);
        }
        case OtlpFields.LOG_SEVERITY_NUMBER -> {
          long read = Wire.varint(b, pos, end, "severity", at);
          pos = Wire.high(read);
          severityNumber = (int) read;
        }
        case OtlpFields.LOG_OBSERVED_TIME -> {
          pos = Wire.skip(b, pos, end, tag, at, depth);
          observedEpochNanos = Wire.fixed64(b, pos - 8);
        }
        default -> pos = Wire.skip(b, pos, end, tag, at, depth);
      }
    }
    if (bodies > 1) {
      ownSplit = true;
      body.mergeParts(b, start, end, OtlpFields.LOG_BODY, depth);
    }
  }

  @Override
  void forget() {
    super.forget();
    body.reset(Wire.NO_BYTES);
  }

  private void reset(byte[] b, int start) {
    reset(b);
    body.reset(b);
    traceIdStart = traceIdEnd = start;
    spanIdStart = spanIdEnd = start;
    eventNameStart = eventNameEnd = start;
    epochNanos = 0;
    observedEpochNanos = 0;
    severityNumber = 0;
    severityTextStart = severityTextEnd = start;
  }

  private void take(int tag, int start, int end) {
    switch (tag) {
      case OtlpFields.LOG_TRACE_ID -> {
        traceIdStart = start;
        traceIdEnd = end;
      }
      case OtlpFields.LOG_SPAN_ID -> {
        spanIdStart = start;
        spanIdEnd = end;
      }
      case OtlpFields.LOG_SEVERITY_TEXT -> {
        severityTextStart = start;
        severityTextEnd = end;
      }
      default -> {
        eventNameStart = start;
        eventNameEnd = end;
      }
    }
  }
}
