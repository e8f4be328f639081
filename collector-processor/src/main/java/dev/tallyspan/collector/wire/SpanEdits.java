package dev.tallyspan.collector.wire;

import java.util.Arrays;
import java.util.Objects;

/** The changes to one span. Not thread-safe. */
public final class SpanEdits extends ItemEdits {

  private int events;
  private int[] removedEvents = new int[4];
  private int removedEventCount;

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

  @Override
  void reset() {
    super.reset();
    events = 0;
    removedEventCount = 0;
  }

  /** Discards all edits, and prepares for a span with {@code eventCount} events. */
  void reset(int eventCount) {
    reset();
    events = eventCount;
  }

  /** Determines the effect of the edits on {@code span}. Returns whether they change anything. */
  boolean resolve(WireSpan span) {
    boolean changed = resolve(span.attributes());
    if (removedEventCount == 0) {
      return changed;
    }
    Arrays.sort(removedEvents, 0, removedEventCount);
    int last = -1;
    for (int i = 0; i < removedEventCount; i++) {
      if (removedEvents[i] != last) {
        last = removedEvents[i];
        cut(span.eventFieldStart(last), span.eventFieldEnd(last));
      }
    }
    sortCuts();
    return true;
  }
}
