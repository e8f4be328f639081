package dev.tallyspan.collector.flow;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/** Times as nanoseconds since the epoch. */
public final class EpochNanos {

  private EpochNanos() {}

  public static long now(InstantSource clock) {
    Instant now = clock.instant();
    return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
  }

  public static Instant instant(long epochNanos) {
    return Instant.EPOCH.plusNanos(epochNanos);
  }

  /** Returns a duration in nanoseconds; {@code Long.MAX_VALUE} if it is longer than 292 years. */
  public static long of(Duration duration) {
    return TimeUnit.NANOSECONDS.convert(duration);
  }
}
