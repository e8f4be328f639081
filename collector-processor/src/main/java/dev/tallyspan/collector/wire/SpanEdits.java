package dev.tallyspan.collector.wire;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The changes to one span. Not thread-safe. */
public final class SpanEdits extends ItemEdits {

  private int events;
  private int[] removedEvents = new int[4];
  private int removedEventCount;

  /* What single fields are to hold; empty = the span has no such field; null = not edited. */
  private byte @Nullable [] parentSpanId;
  private byte @Nullable [] traceState;
  private byte @Nullable [] name;
  private byte @Nullable [] statusMessage;

  /* -1 = not edited. */
  private int statusCode;
  private int kind;

  /** The edits of each event, by its index; null = not edited. */
  private @Nullable EventEdits[] eventEdits = new EventEdits[4];

  /** One more than the largest index in {@link #eventEdits}. */
  private int eventEditCount;

  private final List<byte[]> addedEvents = new ArrayList<>();

  /** The fields to append to the span, besides attributes. */
  private final ProtobufWriter appendedFields = new ProtobufWriter(64);

  SpanEdits() {
    super(OtlpFields.SPAN_ATTRIBUTES);
    reset();
  }

  /**
   * Removes the event at {@code index} of {@link WireSpan#event}.
   *
   * @throws IndexOutOfBoundsException if there is none
   */
  public void removeEvent(int index) {
    Objects.checkIndex(index, events);
    if (removedEventCount == removedEvents.length) {
      removedEvents = Arrays.copyOf(removedEvents, 2 * removedEventCount);
    }
    removedEvents[removedEventCount++] = index;
  }

  /**
   * Sets the span's parent.
   *
   * @param spanId 0 makes the span a root
   */
  public void setParentSpanId(long spanId) {
    if (spanId == 0) {
      parentSpanId = Wire.NO_BYTES;
      return;
    }
    byte[] id = new byte[Long.BYTES];
    for (int i = 0; i < id.length; i++) {
      id[i] = (byte) (spanId >> (56 - 8 * i));
    }
    parentSpanId = id;
  }

  /**
   * Sets the W3C trace state.
   *
   * @param state empty removes it
   */
  public void setTraceState(String state) {
    traceState = requireNonNull(state, "state").getBytes(StandardCharsets.UTF_8);
  }

  public void setName(String name) {
    this.name = requireNonNull(name, "name").getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Sets the span kind.
   *
   * @param kind OTLP's number; 0 = unspecified
   * @throws IllegalArgumentException if it is negative
   */
  public void setKind(int kind) {
    this.kind = positive("kind", kind);
  }

  /**
   * Sets the code of the status.
   *
   * @param code OTLP's number; 0 = unset
   * @throws IllegalArgumentException if it is negative
   */
  public void setStatusCode(int code) {
    statusCode = positive("code", code);
  }

  /**
   * Sets the message of the status.
   *
   * @param message empty removes it
   */
  public void setStatusMessage(String message) {
    statusMessage = requireNonNull(message, "message").getBytes(StandardCharsets.UTF_8);
  }

  private static int positive(String name, int number) {
    if (number < 0) {
      throw new IllegalArgumentException(name + "=" + number + ": must not be negative");
    }
    return number;
  }

  /**
   * Returns the changes to the attributes of the event at {@code index} of {@link WireSpan#event}.
   * They have no effect if the event is removed.
   *
   * @throws IndexOutOfBoundsException if there is none
   */
  public ItemEdits event(int index) {
    Objects.checkIndex(index, events);
    if (index >= eventEdits.length) {
      eventEdits = Arrays.copyOf(eventEdits, Math.max(index + 1, 2 * eventEdits.length));
    }
    EventEdits edits = eventEdits[index];
    if (edits == null) {
      edits = new EventEdits();
      eventEdits[index] = edits;
      eventEditCount = Math.max(eventEditCount, index + 1);
    }
    return edits;
  }

  /**
   * Adds an event after those that the span has.
   *
   * @param event the encoding of a {@code Span.Event}; must not be modified afterwards
   */
  public void addEvent(byte[] event) {
    addedEvents.add(requireNonNull(event, "event"));
  }

  @Override
  void reset() {
    super.reset();
    addedEvents.clear();
    events = 0;
    removedEventCount = 0;
    parentSpanId = null;
    traceState = null;
    name = null;
    statusMessage = null;
    statusCode = -1;
    kind = -1;
    Arrays.fill(eventEdits, 0, eventEditCount, null);
    eventEditCount = 0;
    appendedFields.reset();
  }

  /** Discards all edits, and prepares for a span with {@code eventCount} events. */
  void reset(int eventCount) {
    reset();
    events = eventCount;
  }

  /** Determines the effect of the edits on {@code span}. Returns whether they change anything. */
  boolean resolve(WireSpan span) {
    boolean changed = resolve(span.attributes());
    int cutsOfAttributes = cutCount();
    changed |= removeEvents(span);
    changed |= replace(OtlpFields.SPAN_PARENT_ID, parentSpanId, span);
    changed |= replace(OtlpFields.SPAN_TRACE_STATE, traceState, span);
    changed |= replace(OtlpFields.SPAN_NAME, name, span);
    changed |= replaceKind(span);
    changed |= replaceStatus(span);
    for (byte[] event : addedEvents) {
      appendedFields.writeBytes(OtlpFields.SPAN_EVENTS >>> 3, event);
      changed = true;
    }
    if (cutCount() > cutsOfAttributes) {
      sortCuts();
    }
    return changed;
  }

  /** Removes events, and replaces those whose attributes change. Returns whether there are any. */
  private boolean removeEvents(WireSpan span) {
    int firstChanged = eventEditCount;
    for (int i = eventEditCount - 1; i >= 0; i--) {
      EventEdits edits = eventEdits[i];
      if (edits != null && !edits.resolve(span.event(i).attributes())) {
        eventEdits[i] = null;
      } else if (edits != null) {
        firstChanged = i;
      }
    }
    Arrays.sort(removedEvents, 0, removedEventCount);
    int last = -1;
    for (int i = 0; i < removedEventCount; i++) {
      if (removedEvents[i] != last) {
        last = removedEvents[i];
        if (last < firstChanged || firstChanged == eventEditCount) {
          cut(span.eventFieldStart(last), span.eventFieldEnd(last));
        }
      }
    }
    if (firstChanged == eventEditCount) {
      return removedEventCount > 0;
    }
    // The events that follow are moved to the end as well, to keep their order.
    for (int i = firstChanged; i < events; i++) {
      cut(span.eventFieldStart(i), span.eventFieldEnd(i));
      if (Arrays.binarySearch(removedEvents, 0, removedEventCount, i) < 0) {
        append(span, i);
      }
    }
    return true;
  }

  private void append(WireSpan span, int event) {
    int start = span.eventFieldStart(event);
    int end = span.eventFieldEnd(event);
    EventEdits edits = event < eventEditCount ? eventEdits[event] : null;
    if (edits == null) {
      appendedFields.append(span.bytes, start, end - start);
      return;
    }
    appendedFields.startMessage(OtlpFields.SPAN_EVENTS >>> 3);
    int from = span.eventStart(event);
    for (int i = 0; i < edits.cutCount(); i++) {
      int cutStart = Wire.high(edits.cut(i));
      appendedFields.append(span.bytes, from, cutStart - from);
      from = (int) edits.cut(i);
    }
    appendedFields.append(span.bytes, from, end - from);
    edits.copyTo(appendedFields);
    appendedFields.endMessage();
  }

  private boolean replaceKind(WireSpan span) {
    if (kind < 0 || kind == span.kind()) {
      return false;
    }
    forEach(OtlpFields.SPAN_KIND, span, (at, content, end) -> cut(at, end));
    if (kind > 0) {
      appendedFields.writeVarint(OtlpFields.SPAN_KIND >>> 3, kind);
    }
    return true;
  }

  /** Replaces the status by one with the same unknown fields. */
  private boolean replaceStatus(WireSpan span) {
    int code = statusCode < 0 ? span.statusCode() : statusCode;
    byte[] message = statusMessage;
    if (message == null) {
      message = span.statusMessage().getBytes(StandardCharsets.UTF_8);
    }
    boolean sameMessage =
        statusMessage == null
            || Arrays.equals(message, span.statusMessage().getBytes(StandardCharsets.UTF_8));
    if (code == span.statusCode() && sameMessage) {
      return false;
    }
    ProtobufWriter status = new ProtobufWriter(32);
    forEach(
        OtlpFields.SPAN_STATUS,
        span,
        (at, content, end) -> {
          cut(at, end);
          copyUnknown(span.bytes, content, end, status);
        });
    if (message.length > 0) {
      status.writeBytes(OtlpFields.STATUS_MESSAGE >>> 3, message);
    }
    if (code > 0) {
      status.writeVarint(OtlpFields.STATUS_CODE >>> 3, code);
    }
    if (status.size() > 0) {
      appendedFields.writeBytes(OtlpFields.SPAN_STATUS >>> 3, status.array(), 0, status.size());
    }
    return true;
  }

  private static void copyUnknown(byte[] b, int start, int end, ProtobufWriter target) {
    forEach(
        b,
        start,
        end,
        OtlpFields.ITEM_DEPTH + 1,
        (tag, at, content, fieldEnd) -> {
          if (tag != OtlpFields.STATUS_MESSAGE && tag != OtlpFields.STATUS_CODE) {
            target.append(b, at, fieldEnd - at);
          }
        });
  }

  /**
   * Replaces all occurrences of a field by one at the end, unless it already has the value. Returns
   * whether it does.
   */
  private boolean replace(int tag, byte @Nullable [] wanted, WireSpan span) {
    if (wanted == null) {
      return false;
    }
    int firstCut = cutCount();
    boolean same = scan(tag, wanted, span);
    int occurrences = cutCount() - firstCut;
    if (occurrences == 1 && same || occurrences == 0 && wanted.length == 0) {
      dropCuts(firstCut);
      return false;
    }
    if (wanted.length > 0) {
      appendedFields.writeBytes(tag >>> 3, wanted);
    }
    return true;
  }

  /** Cuts all occurrences of a field. Returns whether the last one has this content. */
  private boolean scan(int tag, byte[] wanted, WireSpan span) {
    boolean[] same = {false};
    forEach(
        tag,
        span,
        (at, content, end) -> {
          same[0] = Arrays.equals(span.bytes, content, end, wanted, 0, wanted.length);
          cut(at, end);
        });
    return same[0];
  }

  private interface Occurrence {
    void found(int at, int content, int end);
  }

  private interface AnyField {
    void found(int tag, int at, int content, int end);
  }

  private static void forEach(int tag, WireSpan span, Occurrence occurrence) {
    forEach(
        span.bytes,
        span.start(),
        span.end(),
        OtlpFields.ITEM_DEPTH,
        (found, at, content, end) -> {
          if (found == tag) {
            occurrence.found(at, content, end);
          }
        });
  }

  /** Visits the fields of a message that has been read. */
  private static void forEach(byte[] b, int start, int end, int depth, AnyField field) {
    int pos = start;
    try {
      while (pos < end) {
        int at = pos;
        long read = Wire.varint(b, pos, end, "tag", at);
        pos = Wire.high(read);
        int tag = (int) read;
        int content = pos;
        if ((tag & 7) == Wire.LENGTH_DELIMITED) {
          long bounds = Wire.content(b, pos, end, "field", at);
          content = Wire.high(bounds);
          pos = (int) bounds;
        } else {
          pos = Wire.skip(b, pos, end, tag, at, depth);
        }
        field.found(tag, at, content, pos);
      }
    } catch (WireFault e) {
      throw new IllegalStateException(e); // cannot happen: the span has been read
    }
  }

  @Override
  long appendedSize() {
    return super.appendedSize() + appendedFields.size();
  }

  @Override
  void appendTo(Additions target) {
    super.appendTo(target);
    target.append(appendedFields.array(), 0, appendedFields.size());
  }

  @Override
  void shrink(int capacity) {
    super.shrink(capacity);
    appendedFields.shrink(capacity);
  }
}
