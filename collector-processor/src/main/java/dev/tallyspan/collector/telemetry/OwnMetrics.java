package dev.tallyspan.collector.telemetry;

import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import java.time.Clock;
import java.util.concurrent.TimeUnit;

/**
 * The meters that Tallyspan counts itself with, and what they counted as text for Prometheus.
 *
 * <p>Metric names are those of the OpenTelemetry Collector where it has one, so that existing
 * dashboards work.
 *
 * @see <a href="https://opentelemetry.io/docs/collector/internal-telemetry/">Collector, internal
 *     telemetry</a>
 */
public final class OwnMetrics implements AutoCloseable {

  private final PullReader reader = new PullReader();
  private final SdkMeterProvider meters =
      SdkMeterProvider.builder().registerMetricReader(reader).build();

  private OwnMetrics(Clock clock) {
    ProcessMetrics.register(meter("dev.tallyspan.process"), clock);
  }

  /** Meters with the process's own metrics already registered. */
  public static OwnMetrics create() {
    return new OwnMetrics(Clock.systemUTC());
  }

  static OwnMetrics create(Clock clock) {
    return new OwnMetrics(clock);
  }

  /** A meter for one part of the program; its name does not show in the text. */
  public Meter meter(String name) {
    return meters.get(name);
  }

  /** Everything that has been counted, in Prometheus' text format 0.0.4. */
  public String prometheusText() {
    return PrometheusText.of(reader.collect());
  }

  @Override
  public void close() {
    meters.shutdown().join(5, TimeUnit.SECONDS);
  }
}
