package dev.tallyspan.collector.queue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A set of sequence numbers, kept as ranges, so that numbers that are added roughly in order need
 * little memory. Not thread-safe.
 */
final class SequenceSet {

  /** First to last number of each range, inclusive. Ranges neither overlap nor touch. */
  private final NavigableMap<Long, Long> ranges = new TreeMap<>();

  SequenceSet() {}

  /**
   * Creates a set of ranges.
   *
   * @param ranges the first and the last number of each, inclusive, in any order
   */
  SequenceSet(List<long[]> ranges) {
    ranges.forEach(range -> add(range[0], range[1]));
  }

  void add(long number) {
    add(number, number);
  }

  /** Adds all numbers from {@code first} to {@code last}, inclusive. */
  void add(long first, long last) {
    if (last < first) {
      return;
    }
    long from = first;
    long to = last;
    Map.Entry<Long, Long> below = ranges.floorEntry(first);
    if (below != null && below.getValue() >= first - 1) {
      from = below.getKey();
      to = Math.max(to, below.getValue());
    }
    Map.Entry<Long, Long> next = ranges.higherEntry(from);
    while (next != null && next.getKey() <= to + 1) {
      to = Math.max(to, next.getValue());
      ranges.remove(next.getKey());
      next = ranges.higherEntry(from);
    }
    ranges.put(from, to);
  }

  boolean contains(long number) {
    return covers(number, number);
  }

  /** Whether the set contains every number from {@code first} to {@code last}, inclusive. */
  boolean covers(long first, long last) {
    Map.Entry<Long, Long> range = ranges.floorEntry(first);
    return range != null && range.getValue() >= last;
  }

  /** Returns the smallest number from {@code from} on that is not in the set. */
  long firstMissing(long from) {
    Map.Entry<Long, Long> range = ranges.floorEntry(from);
    return range == null || range.getValue() < from ? from : range.getValue() + 1;
  }

  /** Returns the first and the last number of each range, inclusive, in ascending order. */
  List<long[]> ranges() {
    List<long[]> list = new ArrayList<>(ranges.size());
    ranges.forEach((first, last) -> list.add(new long[] {first, last}));
    return list;
  }

  @Override
  public String toString() {
    return ranges.toString();
  }
}
