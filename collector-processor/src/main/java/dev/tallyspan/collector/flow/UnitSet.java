package dev.tallyspan.collector.flow;

import java.util.Arrays;

/**
 * A set of a request's units, by their positions from 0 in the order of the request's bytes. A unit
 * is a span, a log record or a metric. Immutable; keeps ranges, so a set of all units is as small
 * as a set of one.
 */
public final class UnitSet {

  /** Receives a range of units: {@code from} inclusive, {@code to} exclusive. */
  @FunctionalInterface
  public interface RangeConsumer {
    void accept(int from, int to);
  }

  public static final UnitSet EMPTY = new UnitSet(new int[0]);

  /** Ascending bounds: each pair is a range that is not empty and not adjacent to the next. */
  private final int[] bounds;

  private UnitSet(int[] bounds) {
    this.bounds = bounds;
  }

  /**
   * Returns the set of the units from {@code from} (inclusive) to {@code to} (exclusive).
   *
   * @throws IllegalArgumentException if {@code from} is negative or more than {@code to}
   */
  public static UnitSet range(int from, int to) {
    if (from < 0 || from > to) {
      throw new IllegalArgumentException("from=" + from + ", to=" + to + ": not a range");
    }
    return from == to ? EMPTY : new UnitSet(new int[] {from, to});
  }

  /** Returns the set of one unit. */
  public static UnitSet of(int unit) {
    return range(unit, unit + 1);
  }

  public boolean isEmpty() {
    return bounds.length == 0;
  }

  /** The number of units. */
  public int size() {
    int size = 0;
    for (int i = 0; i < bounds.length; i += 2) {
      size += bounds[i + 1] - bounds[i];
    }
    return size;
  }

  public boolean contains(int unit) {
    int found = Arrays.binarySearch(bounds, unit);
    // A bound at an even index starts a range; one at an odd index ends it.
    return found >= 0 ? found % 2 == 0 : -(found + 1) % 2 == 1;
  }

  /** Passes the ranges of the set in ascending order. They are not empty and not adjacent. */
  public void forEachRange(RangeConsumer consumer) {
    for (int i = 0; i < bounds.length; i += 2) {
      consumer.accept(bounds[i], bounds[i + 1]);
    }
  }

  /** Returns the units of both sets. */
  public UnitSet union(UnitSet other) {
    if (isEmpty() || other.isEmpty()) {
      return isEmpty() ? other : this;
    }
    int[] merged = new int[bounds.length + other.bounds.length];
    int count = 0;
    int ours = 0;
    int theirs = 0;
    while (ours < bounds.length || theirs < other.bounds.length) {
      boolean takeOurs =
          theirs == other.bounds.length
              || (ours < bounds.length && bounds[ours] <= other.bounds[theirs]);
      int from = takeOurs ? bounds[ours] : other.bounds[theirs];
      int to = takeOurs ? bounds[ours + 1] : other.bounds[theirs + 1];
      if (takeOurs) {
        ours += 2;
      } else {
        theirs += 2;
      }
      if (count > 0 && from <= merged[count - 1]) {
        merged[count - 1] = Math.max(merged[count - 1], to);
      } else {
        merged[count++] = from;
        merged[count++] = to;
      }
    }
    return new UnitSet(Arrays.copyOf(merged, count));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof UnitSet set && Arrays.equals(bounds, set.bounds);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bounds);
  }

  /** Returns the ranges with inclusive ends: {@code 3, 5-9}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("[");
    forEachRange(
        (from, to) -> {
          text.append(text.length() > 1 ? ", " : "").append(from);
          if (to - from > 1) {
            text.append('-').append(to - 1);
          }
        });
    return text.append(']').toString();
  }
}
