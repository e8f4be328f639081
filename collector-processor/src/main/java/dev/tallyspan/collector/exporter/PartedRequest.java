package dev.tallyspan.collector.exporter;

import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.UnitSet;
import dev.tallyspan.collector.wire.RequestCut;
import dev.tallyspan.collector.wire.Slices;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A request that is sent in parts, one after another, in the order of its units: which part is
 * next, and what became of those before it. Guarded by the queue's lock.
 *
 * <p>The first part is the whole request. A part that is too large or that the backend refuses is
 * replaced by smaller ones, and the first of them is next.
 */
final class PartedRequest {

  /**
   * If the backend refused this number of single units and has accepted nothing of the request, it
   * will not accept the others either: the reason is not in them.
   */
  static final int HOPELESS_UNITS = 8;

  /** Units from {@code from} (inclusive) to {@code to} (exclusive). */
  private record Range(int from, int to) {}

  private final RequestCut cut;
  private final Deque<Range> later = new ArrayDeque<>();
  private Range part;
  private boolean accepted;
  private int refusedAlone;
  private Outcome.@Nullable Refused firstRefusal;
  private long rejectedItems;
  private UnitSet refusedUnits = UnitSet.EMPTY;

  /**
   * @param cut has at least one unit
   */
  PartedRequest(RequestCut cut) {
    this.cut = cut;
    part = new Range(0, cut.units());
  }

  /** The bytes of the part that is next. */
  Slices body() {
    return cut.cut(part.from, part.to);
  }

  /** The number of items in the part that is next. */
  int items() {
    return cut.items(part.from, part.to);
  }

  /** The number of items in all parts. */
  int allItems() {
    return cut.items(0, cut.units());
  }

  private boolean isUnit() {
    return part.to - part.from == 1;
  }

  /**
   * Shortens the part to at most {@code maxBytes}, but not to less than a unit.
   *
   * @return whether it is shorter now
   */
  boolean fit(long maxBytes) {
    return shortenTo(cut.fit(part.from, part.to, maxBytes));
  }

  /**
   * Shortens the part to its first half.
   *
   * @return whether it is shorter now, which a single unit is not
   */
  boolean halve() {
    return !isUnit() && shortenTo((part.from + part.to + 1) >>> 1);
  }

  private boolean shortenTo(int end) {
    if (end == part.to) {
      return false;
    }
    later.push(new Range(end, part.to));
    part = new Range(part.from, end);
    return true;
  }

  /** Whether there are parts after this one. */
  boolean hasMore() {
    return !later.isEmpty();
  }

  /** Goes on to the part after this one. Returns false if there is none. */
  boolean next() {
    Range next = later.poll();
    if (next == null) {
      return false;
    }
    part = next;
    return true;
  }

  /** Records what became of the part. */
  void record(Outcome outcome) {
    if (outcome instanceof Outcome.Refused refused) {
      refuse(refused);
      refusedAlone += isUnit() ? 1 : 0;
      return;
    }
    long rejected = outcome instanceof Outcome.Partial partial ? partial.rejected() : 0;
    if (rejected > 0 && rejected >= items()) {
      rejectPart();
      return;
    }
    accepted = true;
    rejectedItems += rejected;
  }

  /** Records that the part is not sent. */
  void refuse(Outcome.Refused refused) {
    if (firstRefusal == null) {
      firstRefusal = refused;
    }
    rejectPart();
  }

  private void rejectPart() {
    rejectedItems += items();
    refusedUnits = refusedUnits.union(UnitSet.range(part.from, part.to));
  }

  /** Whether the backend most likely refuses whatever it is sent. */
  boolean isHopeless() {
    return !accepted && refusedAlone >= HOPELESS_UNITS;
  }

  /**
   * Records that the parts after this one are not sent either.
   *
   * @return the number of items in them
   */
  long refuseLater(Outcome.Refused refused) {
    long items = 0;
    while (next()) {
      items += items();
      refuse(refused);
    }
    return items;
  }

  /** Returns how the request ended, after the last part. */
  Outcome outcome(String partialMessage) {
    if (firstRefusal != null && !accepted && refusedUnits.size() == cut.units()) {
      return firstRefusal;
    }
    return rejectedItems == 0 && refusedUnits.isEmpty()
        ? Outcome.ACCEPTED
        : new Outcome.Partial(rejectedItems, refusedUnits, partialMessage);
  }

  long rejectedItems() {
    return rejectedItems;
  }
}
