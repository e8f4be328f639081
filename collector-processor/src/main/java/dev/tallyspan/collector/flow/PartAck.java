package dev.tallyspan.collector.flow;

import static java.util.Objects.requireNonNull;

import java.util.BitSet;

/**
 * The share of a request of which only some units are passed on: the units that an outcome names
 * are those of the part, and the holder of the whole gets them by their place in the whole. A part
 * that is refused permanently is a part of the whole that is rejected. Thread-safe if the other
 * share is.
 */
public final class PartAck implements Ack {

  private final Ack whole;

  /** The place of each unit of the part in the whole. */
  private final int[] places;

  /**
   * @param whole the share of the whole request
   * @param units that the part consists of, by their index in the whole
   */
  public PartAck(Ack whole, BitSet units) {
    this(whole, units.stream().toArray());
  }

  private PartAck(Ack whole, int[] places) {
    this.whole = requireNonNull(whole, "whole");
    this.places = places;
  }

  /** Returns the share of the same units of the request that another share is of. */
  PartAck of(Ack other) {
    return new PartAck(other, places);
  }

  @Override
  public Ack retain() {
    return new PartAck(whole.retain(), places);
  }

  @Override
  public void settle(Outcome outcome) {
    if (outcome instanceof Outcome.Partial partial && !partial.units().isEmpty()) {
      whole.settle(
          new Outcome.Partial(partial.rejected(), inWhole(partial.units()), partial.message()));
    } else if (outcome instanceof Outcome.Refused refused && !refused.retryable()) {
      // The rest of the request may well be accepted.
      UnitSet all = inWhole(UnitSet.range(0, places.length));
      whole.settle(new Outcome.Partial(places.length, all, refused.message()));
    } else {
      whole.settle(outcome);
    }
  }

  /** Returns an empty set, which means unknown, if the units are not those of the part. */
  private UnitSet inWhole(UnitSet units) {
    UnitSet[] all = {UnitSet.EMPTY};
    units.forEachRange(
        (from, to) -> {
          int unit = from;
          while (unit < Math.min(to, places.length)) {
            int first = places[unit];
            int next = first;
            while (unit < Math.min(to, places.length) && places[unit] == next) {
              unit++;
              next++;
            }
            all[0] = all[0].union(UnitSet.range(first, next));
          }
        });
    return all[0].size() == units.size() ? all[0] : UnitSet.EMPTY;
  }

  @Override
  public boolean isWithdrawn() {
    return whole.isWithdrawn();
  }

  @Override
  public void onWithdrawal(Runnable action) {
    whole.onWithdrawal(action);
  }
}
