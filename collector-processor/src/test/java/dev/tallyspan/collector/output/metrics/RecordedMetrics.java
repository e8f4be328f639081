package dev.tallyspan.collector.output.metrics;

import dev.tallyspan.collector.accounting.Accounting;
import dev.tallyspan.collector.accounting.Dimension;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.StatusCode;
import dev.tallyspan.collector.pipeline.Batch;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;

/** Metrics as a pipeline gets them. */
final class RecordedMetrics {

  private final MetricSource source;
  private final Accounting accounting;
  private final List<ExportMetricsServiceRequest> requests = new ArrayList<>();
  private boolean refuses;

  RecordedMetrics(int cardinalityLimit, String... dimensions) {
    source =
        MetricSource.builder("instance-1")
            .cardinalityLimit(cardinalityLimit)
            .interval(Duration.ofHours(1))
            .build();
    List<Dimension> used = Dimension.of(List.of(dimensions));
    accounting = new Accounting(List.of(new SpanMetrics(source.meter("test"), used)), used);
    source.sendTo(
        request -> {
          if (refuses) {
            request.ack().settle(Outcome.refused(StatusCode.UNAVAILABLE, "full"));
            return;
          }
          try {
            requests.add(ExportMetricsServiceRequest.parseFrom(request.bytes().toByteArray()));
          } catch (Exception e) {
            throw new AssertionError(e);
          }
          request.ack().settle(Outcome.ACCEPTED);
        });
  }

  static RecordedMetrics by(String... dimensions) {
    return new RecordedMetrics(2000, dimensions);
  }

  void write(Batch batch) {
    accounting.write(batch);
  }

  void refuse(boolean refuse) {
    refuses = refuse;
  }

  /** The request with the current values. */
  ExportMetricsServiceRequest request() {
    source.flush(Duration.ofSeconds(5));
    return requests.get(requests.size() - 1);
  }

  int requests() {
    return requests.size();
  }

  void flush() {
    source.flush(Duration.ofSeconds(5));
  }

  Metric metric(String name) {
    return all().stream()
        .filter(it -> it.getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new NoSuchElementException(name));
  }

  List<String> names() {
    return all().stream().map(Metric::getName).toList();
  }

  private List<Metric> all() {
    return request().getResourceMetrics(0).getScopeMetricsList().stream()
        .flatMap(scope -> scope.getMetricsList().stream())
        .toList();
  }

  List<HistogramDataPoint> histogram(String name) {
    return metric(name).getHistogram().getDataPointsList();
  }

  /** The values of a counter, by {@code key=value} of the attributes. */
  Map<String, Double> counter(String name) {
    Map<String, Double> values = new TreeMap<>();
    for (NumberDataPoint point : metric(name).getSum().getDataPointsList()) {
      values.put(
          labels(point.getAttributesList()),
          point.hasAsInt() ? (double) point.getAsInt() : point.getAsDouble());
    }
    return values;
  }

  static String labels(List<KeyValue> attributes) {
    return String.join(
        " ",
        attributes.stream()
            .map(
                it ->
                    it.getKey()
                        + "="
                        + (it.getValue().hasBoolValue()
                            ? it.getValue().getBoolValue()
                            : it.getValue().getStringValue()))
            .sorted()
            .toList());
  }
}
