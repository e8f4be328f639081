package dev.tallyspan.collector.queue.log;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** Times as nanoseconds since the epoch. */
final class EpochNanos {

  private EpochNanos() {}

  static long now(Clock clock) {
    Instant now = clock.instant();
    return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
  }

  /** Returns a duration in nanoseconds; {@code Long.MAX_VALUE} if it is longer than 292 years. */
  static long of(Duration duration) {
    return TimeUnit.NANOSECONDS.convert(duration);
  }
}
