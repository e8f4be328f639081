package dev.tallyspan.collector.config;

import java.util.logging.Level;

/**
 * {@code service.telemetry}: what the collector says about itself.
 *
 * @param metrics where Prometheus reads its metrics, at {@code /metrics}; null for nowhere; default
 *     {@code localhost:8888}
 * @param logLevel the least that is logged; default info
 * @param logEncoding the form of log lines; default console
 */
public record TelemetryConfig(ListenEndpoint metrics, Level logLevel, LogEncoding logEncoding) {
  static final TelemetryConfig DEFAULT =
      new TelemetryConfig(new ListenEndpoint("localhost", 8888), Level.INFO, LogEncoding.CONSOLE);
}
