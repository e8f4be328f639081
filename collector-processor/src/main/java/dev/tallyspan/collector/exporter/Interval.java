package dev.tallyspan.collector.exporter;

import java.time.Duration;

/** Limits how often something is logged: at once, and then once a minute. Not thread-safe. */
final class Interval {
  private static final long MINUTE_NANOS = Duration.ofMinutes(1).toNanos();

  private long next;

  Interval(long now) {
    next = now;
  }

  boolean passed(long now) {
    if (now - next < 0) {
      return false;
    }
    next = now + MINUTE_NANOS;
    return true;
  }
}
