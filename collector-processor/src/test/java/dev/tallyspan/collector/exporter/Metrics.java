package dev.tallyspan.collector.exporter;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.PointData;
import io.opentelemetry.sdk.metrics.export.CollectionRegistration;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The metrics that an exporter has recorded. */
final class Metrics implements MetricReader {
  private CollectionRegistration registration = CollectionRegistration.noop();
  private final SdkMeterProvider provider =
      SdkMeterProvider.builder().registerMetricReader(this).build();

  Meter meter() {
    return provider.get("test");
  }

  /** The value of a metric of one exporter; 0 if it was never recorded. */
  long value(String name, String exporter) {
    long sum = 0;
    for (MetricData metric : registration.collectAllMetrics()) {
      if (!metric.getName().equals(name)) {
        continue;
      }
      for (var point : metric.getData().getPoints()) {
        if (exporter.equals(point.getAttributes().get(AttributeKey.stringKey("exporter")))) {
          sum += ((LongPointData) point).getValue();
        }
      }
    }
    return sum;
  }

  /** The names of the metrics that have values. */
  List<String> names() {
    return registration.collectAllMetrics().stream().map(MetricData::getName).toList();
  }

  /** The values of a counter by an attribute. */
  Map<String, Long> byAttribute(String name, String attribute) {
    Map<String, Long> values = new HashMap<>();
    points(name)
        .forEach(
            point ->
                values.merge(
                    String.valueOf(point.getAttributes().get(AttributeKey.stringKey(attribute))),
                    ((LongPointData) point).getValue(),
                    Long::sum));
    return values;
  }

  /** The value of a gauge with fractions. */
  double number(String name) {
    return points(name).mapToDouble(point -> ((DoublePointData) point).getValue()).sum();
  }

  HistogramPointData histogram(String name) {
    return (HistogramPointData) points(name).findFirst().orElseThrow();
  }

  private Stream<? extends PointData> points(String name) {
    return registration.collectAllMetrics().stream()
        .filter(metric -> metric.getName().equals(name))
        .flatMap(metric -> metric.getData().getPoints().stream());
  }

  long value(String name) {
    return value(name, "otlp_grpc/test");
  }

  @Override
  public void register(CollectionRegistration registration) {
    this.registration = registration;
  }

  @Override
  public AggregationTemporality getAggregationTemporality(InstrumentType type) {
    return AggregationTemporality.CUMULATIVE;
  }

  @Override
  public CompletableResultCode forceFlush() {
    return CompletableResultCode.ofSuccess();
  }

  @Override
  public CompletableResultCode shutdown() {
    return CompletableResultCode.ofSuccess();
  }
}
