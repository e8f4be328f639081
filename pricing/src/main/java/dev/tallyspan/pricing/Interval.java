package dev.tallyspan.pricing;

import java.time.Instant;

/**
 * A time interval in epoch seconds.
 *
 * @param from inclusive; {@link Long#MIN_VALUE} = no beginning
 * @param until exclusive; {@link Long#MAX_VALUE} = no end
 */
record Interval(long from, long until) {
  static final Interval ALWAYS = new Interval(Long.MIN_VALUE, Long.MAX_VALUE);

  boolean contains(Instant time) {
    return contains(time.getEpochSecond());
  }

  boolean contains(long second) {
    return second >= from && second < until;
  }

  boolean isEmpty() {
    return from >= until;
  }

  boolean isOpenEnded() {
    return until == Long.MAX_VALUE;
  }

  Interval endingBy(long end) {
    return end < until ? new Interval(from, end) : this;
  }

  boolean meets(Interval other) {
    return from < other.until && other.from < until;
  }
}
