package dev.tallyspan.collector.exporter;

import java.time.Duration;

/** Checks the ranges of settings. */
final class Preconditions {

  private Preconditions() {}

  static void that(boolean inRange, String name, Object value) {
    if (!inRange) {
      throw new IllegalArgumentException(name + "=" + show(value) + ": out of range");
    }
  }

  /** Formats a duration as in the configuration: {@code 1.5s}, {@code 200ms}. */
  static String show(Object value) {
    if (!(value instanceof Duration duration)) {
      return String.valueOf(value);
    }
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + "s"
        : duration.toMillis() + "ms";
  }
}
