package dev.tallyspan.api;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The times of an operation.
 *
 * @param wall for the time of the price
 * @param nanos for durations; like {@link System#nanoTime}
 */
record TimeSource(InstantSource wall, LongSupplier nanos) {

  static final TimeSource SYSTEM = new TimeSource(InstantSource.system(), System::nanoTime);

  private static final double NANOS_PER_SECOND = 1e9;

  long now() {
    return nanos.getAsLong();
  }

  long epochNanos() {
    Instant now = wall.instant();
    return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
  }

  /** Never negative. */
  static double seconds(long from, long to) {
    return Math.max(0, to - from) / NANOS_PER_SECOND;
  }
}
