package dev.tallyspan.collector.telemetry;

import static java.util.Objects.requireNonNull;

/**
 * An answer of a {@link TelemetryServer}.
 *
 * @param status of HTTP
 * @param type the media type of the body
 */
public record Page(int status, String type, String body) {

  static final String TEXT = "text/plain; charset=utf-8";

  public Page {
    requireNonNull(type, "type");
    requireNonNull(body, "body");
  }

  /** Returns 200 for a good state, and 503 for a bad one. */
  public static Page ofState(boolean good) {
    return good ? new Page(200, TEXT, "ok\n") : new Page(503, TEXT, "not ok\n");
  }

  /** Returns metrics in Prometheus' text format. */
  public static Page ofMetrics(String text) {
    return new Page(200, "text/plain; version=0.0.4; charset=utf-8", text);
  }

  public static Page ofJson(int status, String json) {
    return new Page(status, "application/json", json);
  }
}
