package dev.tallyspan.collector.wire;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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

  /** The fields to append to the span, besides attributes. */
  private final ProtobufWriter appendedFields = new ProtobufWriter(64);

  SpanEdits() {
    super(OtlpFields.SPAN_ATTRIBUTES);
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

  @Override
  void reset() {
    super.reset();
    events = 0;
    removedEventCount = 0;
    parentSpanId = null;
    traceState = null;
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
    if (cutCount() > cutsOfAttributes) {
      sortCuts();
    }
    return changed;
  }

  private boolean removeEvents(WireSpan span) {
    Arrays.sort(removedEvents, 0, removedEventCount);
    int last = -1;
    for (int i = 0; i < removedEventCount; i++) {
      if (removedEvents[i] != last) {
        last = removedEvents[i];
        cut(span.eventFieldStart(last), span.eventFieldEnd(last));
      }
    }
    return removedEventCount > 0;
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
    byte[] b = span.bytes;
    int end = span.end();
    int pos = span.start();
    boolean same = false;
    try {
      while (pos < end) {
        int at = pos;
        long read = Wire.varint(b, pos, end, "tag", at);
        pos = Wire.high(read);
        if ((int) read == tag) {
          long content = Wire.content(b, pos, end, "field", at);
          pos = (int) content;
          same = Arrays.equals(b, Wire.high(content), pos, wanted, 0, wanted.length);
          cut(at, pos);
        } else {
          pos = Wire.skip(b, pos, end, (int) read, at, OtlpFields.ITEM_DEPTH);
        }
      }
    } catch (WireFault e) {
      throw new IllegalStateException(e); // cannot happen: the span has been read
    }
    return same;
  }

  @Override
  long appendedSize() {
    return super.appendedSize() + appendedFields.size();
  }

  @Override
  void appendTo(ProtobufWriter target) {
    super.appendTo(target);
    target.append(appendedFields.array(), 0, appendedFields.size());
  }

  @Override
  void shrink(int capacity) {
    super.shrink(capacity);
    appendedFields.shrink(capacity);
  }
}
