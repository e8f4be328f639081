package dev.tallyspan.collector.wire;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;

/**
 * One span within the bytes of a request, with its resource and scope. Getters decode on demand;
 * everything is checked beforehand, so no getter fails because of the span's content.
 *
 * <p>The span and the views that it returns are valid until its {@link ItemReader} reads the next
 * one.
 */
public final class WireSpan extends WireItem {

  private final WireEvent checkedEvent = new WireEvent(budget);

  private int traceIdStart;
  private int traceIdEnd;
  private int spanIdStart;
  private int spanIdEnd;
  private int parentIdStart;
  private int parentIdEnd;
  private int nameStart;
  private int nameEnd;
  private int kind;
  private boolean dropped;
  private long startEpochNanos;
  private long endEpochNanos;
  private int statusCode;
  private int messageStart;
  private int messageEnd;

  /** For each event, the start of its field, the start of its content, and their common end. */
  private int[] events = new int[3 * 8];

  private int eventCount;

  WireSpan(WireResource resource, WireScope scope) {
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

  /** The parent's span id in lowercase hex digits; empty for a root span. */
  public String parentSpanId() {
    return HexFormat.of().formatHex(bytes, parentIdStart, parentIdEnd);
  }

  public String name() {
    return text(nameStart, nameEnd);
  }

  /** OTLP's number for the span kind; 0 if unspecified. */
  public int kind() {
    return kind;
  }

  /** Nanoseconds since the epoch; 0 if unknown. */
  public long startEpochNanos() {
    return startEpochNanos;
  }

  /** Nanoseconds since the epoch; 0 if unknown. */
  public long endEpochNanos() {
    return endEpochNanos;
  }

  /** OTLP's number for the status code: 0 unset, 1 OK, 2 error. */
  public int statusCode() {
    return statusCode;
  }

  /** The status message; empty if there is none. */
  public String statusMessage() {
    return text(messageStart, messageEnd);
  }

  /** Whether the sender reports that it dropped attributes or events of the span. */
  public boolean dropped() {
    return dropped;
  }

  public int eventCount() {
    return eventCount;
  }

  /**
   * Returns the event at {@code index}, from 0 to {@code eventCount() - 1}.
   *
   * @throws IndexOutOfBoundsException if there is none
   */
  public WireEvent event(int index) {
    int at = 3 * Objects.checkIndex(index, eventCount);
    WireEvent event = new WireEvent(/* budget= */ null);
    try {
      event.read(bytes, events[at + 1], events[at + 2], OtlpFields.ITEM_DEPTH + 1);
    } catch (WireFault e) {
      throw new IllegalStateException(e);
    }
    return event;
  }

  int eventFieldStart(int index) {
    return events[3 * index];
  }

  int eventFieldEnd(int index) {
    return events[3 * index + 2];
  }

  @Override
  int memory() {
    return super.memory() + checkedEvent.attributes().memory() + events.length * Integer.BYTES;
  }

  @Override
  void forget() {
    super.forget();
    eventCount = 0;
    checkedEvent.attributes().reset(Wire.NO_BYTES);
  }

  @Override
  void read(byte[] b, int start, int end) throws WireFault {
    reset(b, start);
    WireAttributes attributes = attributes();
    int depth = OtlpFields.ITEM_DEPTH;
    int pos = start;
    while (pos < end) {
      int at = pos;
      int tag = b[pos++];
      if (tag < 0) {
        if (pos < end && b[pos] >= 0) {
          tag = tag & 0x7F | b[pos++] << 7;
        } else {
          long read = Wire.varint(b, at, end, "tag", at);
          pos = Wire.high(read);
          tag = (int) read;
        }
      }
      switch (tag) {
        case OtlpFields.SPAN_ATTRIBUTES -> {
          long content = Wire.content(b, pos, end, "attribute", at);
          pos = (int) content;
          ownSplit |= attributes.add(b, at, Wire.high(content), pos, depth);
        }
        case OtlpFields.SPAN_TRACE_ID,
            OtlpFields.SPAN_ID,
            OtlpFields.SPAN_PARENT_ID,
            OtlpFields.SPAN_NAME -> {
          long content = Wire.content(b, pos, end, "field", at);
          pos = (int) content;
          take(tag, Wire.high(content), pos);
        }
        case OtlpFields.SPAN_KIND -> {
          long read = Wire.varint(b, pos, end, "span kind", at);
          pos = Wire.high(read);
          kind = (int) read;
        }
        case OtlpFields.SPAN_DROPPED_ATTRIBUTES, OtlpFields.SPAN_DROPPED_EVENTS -> {
          long read = Wire.varint(b, pos, end, "count", at);
          pos = Wire.high(read);
          dropped |= (int) read != 0;
        }
        case OtlpFields.SPAN_START -> {
          pos = Wire.skip(b, pos, end, tag, at, depth);
          startEpochNanos = Wire.fixed64(b, pos - 8);
        }
        case OtlpFields.SPAN_END -> {
          pos = Wire.skip(b, pos, end, tag, at, depth);
          endEpochNanos = Wire.fixed64(b, pos - 8);
        }
        case OtlpFields.SPAN_EVENTS -> {
          long content = Wire.content(b, pos, end, "event", at);
          pos = (int) content;
          addEvent(at, Wire.high(content), pos);
        }
        case OtlpFields.SPAN_STATUS -> {
          long content = Wire.content(b, pos, end, "status", at);
          pos = (int) content;
          readStatus(b, Wire.high(content), pos);
        }
        default -> pos = Wire.skip(b, pos, end, tag, at, depth);
      }
    }
  }

  private void reset(byte[] b, int start) {
    reset(b);
    traceIdStart = traceIdEnd = start;
    spanIdStart = spanIdEnd = start;
    parentIdStart = parentIdEnd = start;
    nameStart = nameEnd = start;
    messageStart = messageEnd = start;
    kind = 0;
    dropped = false;
    startEpochNanos = 0;
    endEpochNanos = 0;
    statusCode = 0;
    eventCount = 0;
  }

  private void take(int tag, int start, int end) {
    switch (tag) {
      case OtlpFields.SPAN_TRACE_ID -> {
        traceIdStart = start;
        traceIdEnd = end;
      }
      case OtlpFields.SPAN_ID -> {
        spanIdStart = start;
        spanIdEnd = end;
      }
      case OtlpFields.SPAN_PARENT_ID -> {
        parentIdStart = start;
        parentIdEnd = end;
      }
      default -> {
        nameStart = start;
        nameEnd = end;
      }
    }
  }

  private void addEvent(int at, int start, int end) throws WireFault {
    budget.take();
    ownSplit |= checkedEvent.read(bytes, start, end, OtlpFields.ITEM_DEPTH + 1);
    if (3 * eventCount == events.length) {
      events = Arrays.copyOf(events, 2 * events.length);
    }
    events[3 * eventCount] = at;
    events[3 * eventCount + 1] = start;
    events[3 * eventCount + 2] = end;
    eventCount++;
  }

  private void readStatus(byte[] b, int pos, int end) throws WireFault {
    while (pos < end) {
      int at = pos;
      long read = Wire.varint(b, pos, end, "tag", at);
      pos = Wire.high(read);
      int tag = (int) read;
      if (tag == OtlpFields.STATUS_MESSAGE) {
        long content = Wire.content(b, pos, end, "status message", at);
        messageStart = Wire.high(content);
        messageEnd = (int) content;
        pos = messageEnd;
      } else if (tag == OtlpFields.STATUS_CODE) {
        long code = Wire.varint(b, pos, end, "status code", at);
        pos = Wire.high(code);
        statusCode = (int) code;
      } else {
        pos = Wire.skip(b, pos, end, tag, at, OtlpFields.ITEM_DEPTH + 1);
      }
    }
  }
}
