package dev.tallyspan.collector.telemetry;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The page of the Collector's extension {@code health_check}: 200 while data is accepted, and 503
 * otherwise.
 */
public final class HealthCheckPages implements Pages {

  private final String path;
  private final @Nullable String healthy;
  private final @Nullable String unhealthy;
  private final BooleanSupplier ready;
  private final InstantSource clock;
  private final Instant start;

  /**
   * @param path of the page; {@code /} stands for every path, as in the Collector
   * @param healthy the body of an answer 200; null for a JSON object with the state
   * @param unhealthy the same for 503
   * @param ready whether data is accepted; must not block
   */
  public HealthCheckPages(
      String path,
      @Nullable String healthy,
      @Nullable String unhealthy,
      BooleanSupplier ready,
      InstantSource clock) {
    this.path = requireNonNull(path, "path");
    this.healthy = healthy;
    this.unhealthy = unhealthy;
    this.ready = requireNonNull(ready, "ready");
    this.clock = requireNonNull(clock, "clock");
    start = clock.instant();
  }

  @Override
  public @Nullable Page page(String asked) {
    if (!path.equals("/") && !path.equals(asked)) {
      return null;
    }
    boolean good = ready.getAsBoolean();
    String body = good ? healthy : unhealthy;
    int status = good ? 200 : 503;
    return body == null ? Page.ofJson(status, json(good)) : new Page(status, Page.TEXT, body);
  }

  private String json(boolean good) {
    return good
        ? "{\"status\":\"Server available\",\"upSince\":\"%s\",\"uptime\":\"%ss\"}"
            .formatted(start, Duration.between(start, clock.instant()).toSeconds())
        : "{\"status\":\"Server not available\"}";
  }
}
