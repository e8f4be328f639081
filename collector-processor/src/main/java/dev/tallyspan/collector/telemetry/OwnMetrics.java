package dev.tallyspan.collector.telemetry;

import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import java.time.Clock;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;

/**
 * Creates the meters for Tallyspan's own metrics, and exposes the metrics as text for Prometheus.
 * Thread-safe.
 *
 * <p>Metrics have the names that the OpenTelemetry Collector uses, where it has the same metric, so
 * that existing dashboards work.
 *
 * @see <a href="https://opentelemetry.io/docs/collector/internal-telemetry/">Collector, internal
 *     telemetry</a>
 */
public final class OwnMetrics implements AutoCloseable {

  private final PullReader reader = new PullReader();
  private final Map<String, PullReader> connectors = new ConcurrentSkipListMap<>();
  private final SdkMeterProvider meters =
      SdkMeterProvider.builder().registerMetricReader(reader).build();

  private OwnMetrics(Clock clock) {
    ProcessMetrics.register(meter("dev.tallyspan.process"), clock);
  }

  /** Creates an instance with the metrics of the process already registered. */
  public static OwnMetrics create() {
    return new OwnMetrics(Clock.systemUTC());
  }

  static OwnMetrics create(Clock clock) {
    return new OwnMetrics(clock);
  }

  /** Returns a meter for one part of the program. Its name does not appear in the text. */
  public Meter meter(String name) {
    return meters.get(name);
  }

  /**
   * Returns a reader of metrics that are not about Tallyspan itself. The text contains them too,
   * with units in their names and the label {@code connector}.
   */
  public MetricReader connectorReader(String connector) {
    return connectors.computeIfAbsent(connector, id -> new PullReader());
  }

  /** Collects all metrics and returns them in Prometheus' text format 0.0.4. */
  public String prometheusText() {
    Map<String, Collection<MetricData>> ofConnectors = new TreeMap<>();
    connectors.forEach((id, each) -> ofConnectors.put(id, each.collect()));
    return PrometheusText.of(reader.collect()) + PrometheusText.ofConnectors(ofConnectors);
  }

  @Override
  public void close() {
    meters.shutdown().join(5, TimeUnit.SECONDS);
  }
}
