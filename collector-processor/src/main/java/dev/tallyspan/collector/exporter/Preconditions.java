package dev.tallyspan.collector.exporter;

import java.time.Duration;

/** The wording of settings that are out of their range. */
final class Preconditions {

  private Preconditions() {}

  static void that(boolean inRange, String name, Object value) {
    if (!inRange) {
      throw new IllegalArgumentException(name + "=" + show(value) + ": out of range");
    }
  }

  /** A duration as configuration spells it: {@code 1.5s}, {@code 200ms}. */
  static String show(Object value) {
    if (!(value instanceof Duration duration)) {
      return String.valueOf(value);
    }
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + "s"
        : duration.toMillis() + "ms";
  }
}
