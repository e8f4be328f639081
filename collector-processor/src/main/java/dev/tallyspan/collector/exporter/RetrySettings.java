package dev.tallyspan.collector.exporter;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * {@code retry_on_failure}: how requests are retried after temporary failures. Only failures that
 * OTLP defines as retryable are retried.
 *
 * @param enabled whether to retry; default true
 * @param initialInterval the wait after the first failure; default 5 s
 * @param multiplier the factor by which the wait grows with each failure; default 1.5, at least 1
 * @param randomizationFactor how much the wait is randomised in both directions, as a fraction of
 *     itself; default 0.5, 0 = not at all
 * @param maxInterval the longest wait; default 30 s
 * @param maxElapsedTime the maximum time for a request from its arrival; no attempt starts after
 *     it. Default 300 s; 0 = no limit
 */
public record RetrySettings(
    boolean enabled,
    Duration initialInterval,
    double multiplier,
    double randomizationFactor,
    Duration maxInterval,
    Duration maxElapsedTime) {

  public static final RetrySettings DEFAULT =
      new RetrySettings(
          /* enabled= */ true,
          Duration.ofSeconds(5),
          1.5,
          0.5,
          Duration.ofSeconds(30),
          Duration.ofSeconds(300));

  public static final RetrySettings DISABLED =
      new RetrySettings(
          /* enabled= */ false,
          Duration.ofSeconds(5),
          1.5,
          0.5,
          Duration.ofSeconds(30),
          Duration.ofSeconds(300));

  /**
   * @throws IllegalArgumentException if a value is out of range
   */
  public RetrySettings {
    requireNonNull(initialInterval, "initialInterval");
    requireNonNull(maxInterval, "maxInterval");
    requireNonNull(maxElapsedTime, "maxElapsedTime");
    Preconditions.that(
        initialInterval.compareTo(Duration.ZERO) > 0, "initial_interval", initialInterval);
    Preconditions.that(multiplier >= 1 && multiplier <= 1000, "multiplier", multiplier);
    Preconditions.that(
        randomizationFactor >= 0 && randomizationFactor <= 1,
        "randomization_factor",
        randomizationFactor);
    if (maxInterval.compareTo(initialInterval) < 0) {
      throw new IllegalArgumentException(
          "max_interval=%s: must not be shorter than initial_interval=%s"
              .formatted(Preconditions.show(maxInterval), Preconditions.show(initialInterval)));
    }
    Preconditions.that(!maxElapsedTime.isNegative(), "max_elapsed_time", maxElapsedTime);
  }

  /** Returns the same settings without a maximum time. */
  public RetrySettings withoutMaxElapsedTime() {
    return new RetrySettings(
        enabled, initialInterval, multiplier, randomizationFactor, maxInterval, Duration.ZERO);
  }
}
