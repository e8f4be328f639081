package dev.tallyspan.collector.exporter;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * {@code retry_on_failure}: what happens to a request that the backend could not take now. Only
 * failures that OTLP calls retryable are retried.
 *
 * @param enabled whether anything is retried; default true
 * @param initialInterval the wait after the first failure; default 5 s
 * @param multiplier what the wait grows by with each failure; default 1.5, at least 1
 * @param randomizationFactor how far the wait is randomised to both sides, as a share of itself;
 *     default 0.5, zero for none
 * @param maxInterval what the wait grows to; default 30 s
 * @param maxElapsedTime how long a request may take from its arrival; an attempt that would come
 *     later is not made. Default 300 s; zero for no limit
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
   * @throws IllegalArgumentException if a value is out of its range
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
}
