package dev.tallyspan.collector.exporter;

import java.time.Duration;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Computes how long to wait after a number of failures: exponential, limited and randomised.
 * Thread-safe.
 */
final class Backoff {

  /** The longest wait, even if a backend asks for more, so that sums of times never overflow. */
  static final long LONGEST_NANOS = Duration.ofDays(1).toNanos();

  private final RetrySettings settings;
  private final DoubleSupplier random;

  /**
   * @param random returns numbers from 0 (inclusive) to 1 (exclusive)
   */
  Backoff(RetrySettings settings, DoubleSupplier random) {
    this.settings = settings;
    this.random = random;
  }

  /** Returns the wait after {@code failures} failures; at least one. */
  long nanos(int failures) {
    double interval =
        Math.min(
            nanos(settings.initialInterval()) * Math.pow(settings.multiplier(), failures - 1),
            nanos(settings.maxInterval()));
    double spread = settings.randomizationFactor() * interval;
    return (long)
        Math.min(interval - spread + 2 * spread * random.getAsDouble(), (double) LONGEST_NANOS);
  }

  /** Returns a duration in nanoseconds, limited to the range from 0 to one day; null = 0. */
  static long nanos(@Nullable Duration duration) {
    if (duration == null || duration.isNegative()) {
      return 0;
    }
    return duration.toDays() >= 1 ? LONGEST_NANOS : duration.toNanos();
  }
}
