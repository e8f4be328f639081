package dev.tallyspan.collector.exporter;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/** How long to wait after a number of failures: exponential, bounded and randomised. */
final class Backoff {

  /** So that sums of times never overflow; a backend that asks for more gets this. */
  static final long LONGEST_NANOS = Duration.ofDays(1).toNanos();

  private final RetrySettings settings;
  private final DoubleSupplier random;

  /**
   * @param random numbers from 0, inclusive, to 1, exclusive
   */
  Backoff(RetrySettings settings, DoubleSupplier random) {
    this.settings = settings;
    this.random = random;
  }

  /** The wait after this many failures, which is at least one. */
  long nanos(int failures) {
    double interval =
        Math.min(
            nanos(settings.initialInterval()) * Math.pow(settings.multiplier(), failures - 1),
            nanos(settings.maxInterval()));
    double spread = settings.randomizationFactor() * interval;
    return (long)
        Math.min(interval - spread + 2 * spread * random.getAsDouble(), (double) LONGEST_NANOS);
  }

  /** A duration in nanoseconds, no longer than a day and not negative; null is zero. */
  static long nanos(Duration duration) {
    if (duration == null || duration.isNegative()) {
      return 0;
    }
    return duration.toDays() >= 1 ? LONGEST_NANOS : duration.toNanos();
  }
}
