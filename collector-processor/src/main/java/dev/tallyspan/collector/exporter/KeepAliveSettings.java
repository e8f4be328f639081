package dev.tallyspan.collector.exporter;

import java.time.Duration;

/**
 * {@code keepalive} of an exporter over gRPC: pings that keep a connection open and show whether it
 * still works.
 *
 * @param time how long a connection may be idle before a ping; default 10 s, which is the minimum
 * @param timeout how long to wait for the answer before the connection counts as broken; default 10
 *     s, not zero
 * @param permitWithoutStream whether to ping while no request is in flight; default false
 */
public record KeepAliveSettings(Duration time, Duration timeout, boolean permitWithoutStream) {

  public static final KeepAliveSettings DEFAULT =
      new KeepAliveSettings(
          Duration.ofSeconds(10), Duration.ofSeconds(10), /* permitWithoutStream= */ false);

  /**
   * @throws IllegalArgumentException if a value is out of range
   */
  public KeepAliveSettings {
    Preconditions.that(time.compareTo(Duration.ofSeconds(10)) >= 0, "time", time);
    Preconditions.that(timeout.compareTo(Duration.ZERO) > 0, "timeout", timeout);
  }
}
