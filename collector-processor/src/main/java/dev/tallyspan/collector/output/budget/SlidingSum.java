package dev.tallyspan.collector.output.budget;

import java.util.Arrays;

/**
 * A sum over the last part of time, in 60 buckets: an amount counts for the length of the window,
 * and up to a sixtieth of it less. Not thread-safe.
 */
final class SlidingSum {

  private static final int BUCKETS = 60;

  private final long bucketMillis;
  private final double[] amounts = new double[BUCKETS];

  /** The number of the newest bucket, counted from the epoch. */
  private long newest = Long.MIN_VALUE;

  /**
   * @param windowMillis at least 60
   */
  SlidingSum(long windowMillis) {
    this.bucketMillis = (windowMillis + BUCKETS - 1) / BUCKETS;
  }

  /** Adds an amount. A clock that goes back adds to the newest bucket. */
  void add(double amount, long nowMillis) {
    advance(nowMillis);
    amounts[(int) Math.floorMod(newest, (long) BUCKETS)] += amount;
  }

  double sum(long nowMillis) {
    advance(nowMillis);
    // Added up each time: to subtract what leaves the window would accumulate rounding errors.
    double sum = 0;
    for (double amount : amounts) {
      sum += amount;
    }
    return sum;
  }

  private void advance(long nowMillis) {
    long bucket = Math.floorDiv(nowMillis, bucketMillis);
    if (newest == Long.MIN_VALUE || bucket >= newest + BUCKETS) {
      Arrays.fill(amounts, 0);
      newest = bucket;
    }
    while (newest < bucket) {
      newest++;
      amounts[(int) Math.floorMod(newest, (long) BUCKETS)] = 0;
    }
  }
}
