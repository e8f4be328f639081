package dev.tallyspan.collector.wire;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One span within the bytes of a request, with its resource and scope. Getters decode on demand;
 * everything is checked beforehand, so no getter fails because of the span's content.
 *
 * <p>The span and the views that it returns are valid until its {@link ItemReader} reads the next
 * one.
 */
public final class WireSpan extends WireItem {

  /* The places in `fields`. Of a text, two: its start and its end. Of a time, its position. */
  private static final int TRACE_ID = 0;
  private static final int SPAN_ID = 2;
  private static final int PARENT_ID = 4;
  private static final int NAME = 6;
  private static final int STATUS_MESSAGE = 8;
  private static final int STATUS_CODE = 10;
  private static final int KIND = 11;
  private static final int DROPPED = 12;
  private static final int START_TIME = 13;
  private static final int END_TIME = 14;
  private static final int EVENTS = 15;
  private static final int TRACE_STATE = 16;

  /** Where the span itself starts and ends. */
  private static final int BOUNDS = 18;

  private static final int FIELDS = 20;

  /** The positions of larger spans are not kept. */
  private static final int MAX_SAVED = 1 << 13;

  private final WireEvent checkedEvent = new WireEvent(budget);

  /** What was found in the span; 0 for what it does not have. */
  private final int[] fields = new int[FIELDS];

  /** For each event, the start of its field, the start of its content, and their common end. */
  private int[] events = new int[3 * 8];

  WireSpan(WireResource resource, WireScope scope) {
    super(resource, scope);
  }

  /** The trace id in lowercase hex digits; empty if there is none. */
  public String traceId() {
    return HexFormat.of().formatHex(bytes, fields[TRACE_ID], fields[TRACE_ID + 1]);
  }

  /** The span id in lowercase hex digits; empty if there is none. */
  public String spanId() {
    return HexFormat.of().formatHex(bytes, fields[SPAN_ID], fields[SPAN_ID + 1]);
  }

  /** The parent's span id in lowercase hex digits; empty for a root span. */
  public String parentSpanId() {
    return HexFormat.of().formatHex(bytes, fields[PARENT_ID], fields[PARENT_ID + 1]);
  }

  /** The W3C trace state; empty if there is none. */
  public String traceState() {
    return text(fields[TRACE_STATE], fields[TRACE_STATE + 1]);
  }

  public String name() {
    return text(fields[NAME], fields[NAME + 1]);
  }

  /** OTLP's number for the span kind; 0 if unspecified. */
  public int kind() {
    return fields[KIND];
  }

  /** Nanoseconds since the epoch; 0 if unknown. */
  public long startEpochNanos() {
    return time(START_TIME);
  }

  /** Nanoseconds since the epoch; 0 if unknown. */
  public long endEpochNanos() {
    return time(END_TIME);
  }

  /** OTLP's number for the status code: 0 unset, 1 OK, 2 error. */
  public int statusCode() {
    return fields[STATUS_CODE];
  }

  /** The status message; empty if there is none. */
  public String statusMessage() {
    return text(fields[STATUS_MESSAGE], fields[STATUS_MESSAGE + 1]);
  }

  /** Whether the sender reports that it dropped attributes or events of the span. */
  public boolean dropped() {
    return fields[DROPPED] != 0;
  }

  public int eventCount() {
    return fields[EVENTS];
  }

  /**
   * Returns the event at {@code index}, from 0 to {@code eventCount() - 1}.
   *
   * @throws IndexOutOfBoundsException if there is none
   */
  public WireEvent event(int index) {
    int at = 3 * Objects.checkIndex(index, eventCount());
    WireEvent event = new WireEvent(/* budget= */ null);
    try {
      event.read(bytes, events[at + 1], events[at + 2], OtlpFields.ITEM_DEPTH + 1);
    } catch (WireFault e) {
      throw new IllegalStateException(e);
    }
    return event;
  }

  int start() {
    return fields[BOUNDS];
  }

  int end() {
    return fields[BOUNDS + 1];
  }

  int eventFieldStart(int index) {
    return events[3 * index];
  }

  int eventStart(int index) {
    return events[3 * index + 1];
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
    Arrays.fill(fields, 0);
    checkedEvent.attributes().reset(Wire.NO_BYTES);
  }

  @Override
  void read(byte[] b, int start, int end) throws WireFault {
    reset(b);
    Arrays.fill(fields, 0);
    fields[BOUNDS] = start;
    fields[BOUNDS + 1] = end;
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
            OtlpFields.SPAN_TRACE_STATE,
            OtlpFields.SPAN_PARENT_ID,
            OtlpFields.SPAN_NAME -> {
          long content = Wire.content(b, pos, end, "field", at);
          pos = (int) content;
          place(field(tag), content);
        }
        case OtlpFields.SPAN_KIND -> {
          long read = Wire.varint(b, pos, end, "span kind", at);
          pos = Wire.high(read);
          fields[KIND] = (int) read;
        }
        case OtlpFields.SPAN_DROPPED_ATTRIBUTES, OtlpFields.SPAN_DROPPED_EVENTS -> {
          long read = Wire.varint(b, pos, end, "count", at);
          pos = Wire.high(read);
          fields[DROPPED] |= (int) read;
        }
        case OtlpFields.SPAN_START -> {
          pos = Wire.skip(b, pos, end, tag, at, depth);
          fields[START_TIME] = pos - 8;
        }
        case OtlpFields.SPAN_END -> {
          pos = Wire.skip(b, pos, end, tag, at, depth);
          fields[END_TIME] = pos - 8;
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

  @Override
  int @Nullable [] save() {
    int eventPlaces = 3 * eventCount();
    int attributePlaces = attributes().size() * WireValues.STRIDE;
    if (attributes().hasMerged() || eventPlaces + attributePlaces > MAX_SAVED) {
      return null;
    }
    int[] saved = new int[FIELDS + eventPlaces + attributePlaces];
    System.arraycopy(fields, 0, saved, 0, FIELDS);
    System.arraycopy(events, 0, saved, FIELDS, eventPlaces);
    attributes().save(saved, FIELDS + eventPlaces);
    return saved;
  }

  @Override
  void restore(byte[] b, int[] saved) {
    reset(b);
    System.arraycopy(saved, 0, fields, 0, FIELDS);
    int eventPlaces = 3 * eventCount();
    if (eventPlaces > events.length) {
      events = new int[eventPlaces];
    }
    System.arraycopy(saved, FIELDS, events, 0, eventPlaces);
    attributes().restore(saved, FIELDS + eventPlaces);
  }

  private static int field(int tag) {
    return switch (tag) {
      case OtlpFields.SPAN_TRACE_ID -> TRACE_ID;
      case OtlpFields.SPAN_ID -> SPAN_ID;
      case OtlpFields.SPAN_TRACE_STATE -> TRACE_STATE;
      case OtlpFields.SPAN_PARENT_ID -> PARENT_ID;
      default -> NAME;
    };
  }

  private void place(int field, long content) {
    fields[field] = Wire.high(content);
    fields[field + 1] = (int) content;
  }

  private long time(int field) {
    return fields[field] == 0 ? 0 : Wire.fixed64(bytes, fields[field]);
  }

  private void addEvent(int at, int start, int end) throws WireFault {
    budget.take();
    ownSplit |= checkedEvent.read(bytes, start, end, OtlpFields.ITEM_DEPTH + 1);
    int place = 3 * fields[EVENTS]++;
    if (place == events.length) {
      events = Arrays.copyOf(events, 2 * events.length);
    }
    events[place] = at;
    events[place + 1] = start;
    events[place + 2] = end;
  }

  private void readStatus(byte[] b, int pos, int end) throws WireFault {
    while (pos < end) {
      int at = pos;
      long read = Wire.varint(b, pos, end, "tag", at);
      pos = Wire.high(read);
      int tag = (int) read;
      if (tag == OtlpFields.STATUS_MESSAGE) {
        long content = Wire.content(b, pos, end, "status message", at);
        place(STATUS_MESSAGE, content);
        pos = (int) content;
      } else if (tag == OtlpFields.STATUS_CODE) {
        long code = Wire.varint(b, pos, end, "status code", at);
        pos = Wire.high(code);
        fields[STATUS_CODE] = (int) code;
      } else {
        pos = Wire.skip(b, pos, end, tag, at, OtlpFields.ITEM_DEPTH + 1);
      }
    }
  }
}
