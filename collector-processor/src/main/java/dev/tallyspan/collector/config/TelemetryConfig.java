package dev.tallyspan.collector.config;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.telemetry.OtlpPush;
import dev.tallyspan.collector.telemetry.PrometheusFormat;
import java.util.List;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;

/**
 * {@code service.telemetry}: the collector's own telemetry.
 *
 * @param metrics where Prometheus reads its metrics, at {@code /metrics}; null to not serve them;
 *     default {@code localhost:8888}
 * @param format how Prometheus gets them; default {@link PrometheusFormat#DEFAULT}
 * @param pushes where its metrics are sent; default nowhere
 * @param resource what describes the collector
 * @param logLevel the lowest level that is logged; default info
 * @param logEncoding the format of log lines; default console
 * @param logFields what log lines of JSON contain besides the record
 */
public record TelemetryConfig(
    @Nullable ListenEndpoint metrics,
    PrometheusFormat format,
    List<OtlpPush> pushes,
    ResourceConfig resource,
    Level logLevel,
    LogEncoding logEncoding,
    LogFields logFields) {
  static final ListenEndpoint METRICS = new ListenEndpoint("localhost", 8888);
  static final TelemetryConfig DEFAULT =
      new TelemetryConfig(METRICS, Level.INFO, LogEncoding.CONSOLE);

  public TelemetryConfig {
    requireNonNull(format, "format");
    pushes = List.copyOf(pushes);
    requireNonNull(resource, "resource");
    requireNonNull(logLevel, "logLevel");
    requireNonNull(logEncoding, "logEncoding");
    requireNonNull(logFields, "logFields");
  }

  /** Metrics at this address, and everything else by default. */
  public TelemetryConfig(
      @Nullable ListenEndpoint metrics, Level logLevel, LogEncoding logEncoding) {
    this(
        metrics,
        PrometheusFormat.DEFAULT,
        List.of(),
        ResourceConfig.NONE,
        logLevel,
        logEncoding,
        LogFields.DEFAULT);
  }

  /** Returns the same without a server for metrics. */
  public TelemetryConfig withoutServer() {
    return new TelemetryConfig(null, format, pushes, resource, logLevel, logEncoding, logFields);
  }
}
