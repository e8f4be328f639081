package dev.tallyspan.collector.config;

import java.util.logging.Level;
import org.jspecify.annotations.Nullable;

/**
 * {@code service.telemetry}: the collector's own telemetry.
 *
 * @param metrics where Prometheus reads its metrics, at {@code /metrics}; null to not serve them;
 *     default {@code localhost:8888}
 * @param logLevel the lowest level that is logged; default info
 * @param logEncoding the format of log lines; default console
 */
public record TelemetryConfig(
    @Nullable ListenEndpoint metrics, Level logLevel, LogEncoding logEncoding) {
  static final ListenEndpoint METRICS = new ListenEndpoint("localhost", 8888);
  static final TelemetryConfig DEFAULT =
      new TelemetryConfig(METRICS, Level.INFO, LogEncoding.CONSOLE);
}
