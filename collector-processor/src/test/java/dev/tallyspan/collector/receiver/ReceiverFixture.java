package dev.tallyspan.collector.receiver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** A receiver on free ports with an intake that parses, and a look at its metrics. */
final class ReceiverFixture implements AutoCloseable {

  final ParsingIntake intake = new ParsingIntake();
  final OtlpReceiver receiver;
  private final CollectingReader metrics = new CollectingReader();
  private final SdkMeterProvider meters =
      SdkMeterProvider.builder().registerMetricReader(metrics).build();

  ReceiverFixture(UnaryOperator<OtlpReceiverBuilder> settings) throws IOException {
    receiver =
        settings
            .apply(
                OtlpReceiver.builder()
                    .grpcEndpoint("localhost:0")
                    .httpEndpoint("localhost:0")
                    .intake(intake)
                    .meter(meters.get("test")))
            .build();
    receiver.start();
  }

  ReceiverFixture() throws IOException {
    this(UnaryOperator.identity());
  }

  String http(String path) {
    return "http://localhost:" + receiver.httpPort() + path;
  }

  /** The sums that are not 0, by {@code name{transport,outcome,reason}} without the prefix. */
  TreeMap<String, Long> counts() {
    TreeMap<String, Long> counts = new TreeMap<>();
    for (MetricData metric : metrics.collect()) {
      for (LongPointData point : metric.getLongSumData().getPoints()) {
        StringBuilder labels = new StringBuilder();
        for (String label : new String[] {"transport", "outcome", "reason"}) {
          String value = point.getAttributes().get(AttributeKey.stringKey(label));
          if (value != null) {
            labels.append(labels.isEmpty() ? "" : ",").append(value);
          }
        }
        if (point.getValue() != 0) {
          counts.put(
              metric.getName().replace("otelcol_receiver_", "") + "{" + labels + "}",
              point.getValue());
        }
      }
    }
    return counts;
  }

  /** Waits until these are the only sums that are not 0. */
  @SafeVarargs
  @SuppressWarnings("varargs") // Passed on to another safe method.
  final void awaitCounts(Map.Entry<String, Long>... expected) {
    await().untilAsserted(() -> assertThat(counts()).containsOnly(expected));
  }

  long inFlightBytes() {
    return counts().getOrDefault("tallyspan_receiver_in_flight_bytes{}", 0L);
  }

  /** Waits for it: a request may be given back after its client has read the response. */
  void awaitNothingInFlight() {
    await().untilAsserted(() -> assertThat(inFlightBytes()).isZero());
  }

  @Override
  public void close() {
    receiver.close(Duration.ofSeconds(1));
    meters.close();
  }
}
