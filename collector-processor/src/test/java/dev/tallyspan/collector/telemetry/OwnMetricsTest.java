package dev.tallyspan.collector.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OwnMetricsTest {

  private final SettableClock clock = new SettableClock();
  private final OwnMetrics metrics = OwnMetrics.create(clock);
  private final Meter meter = metrics.meter("test");

  @AfterEach
  void close() {
    metrics.close();
  }

  @Test
  void counterHasTheCollectorsSuffix() {
    meter
        .counterBuilder("otelcol_receiver_accepted_spans")
        .setUnit("{spans}")
        .setDescription("Number of spans.")
        .build()
        .add(7, labels("receiver", "otlp"));

    assertThat(lines("otelcol_receiver"))
        .containsExactly(
            "# HELP otelcol_receiver_accepted_spans_total Number of spans.",
            "# TYPE otelcol_receiver_accepted_spans_total counter",
            "otelcol_receiver_accepted_spans_total{receiver=\"otlp\"} 7");
  }

  @Test
  void oneNameOfTwoMetersIsOneFamily() {
    meter.counterBuilder("x_y").build().add(1, labels("a", "1"));
    metrics.meter("other").counterBuilder("x_y").build().add(2, labels("a", "2"));

    assertThat(lines("x_y")).hasSize(3).filteredOn(line -> line.startsWith("# TYPE")).hasSize(1);
  }

  @Test
  void metricsOfConnectorsHaveTheirUnitsAndALabel() {
    SdkMeterProvider a = connector("m/a");
    SdkMeterProvider b = connector("m/b");
    a.get("spans").counterBuilder("c.time").ofDoubles().setUnit("s").build().add(2);
    b.get("spans").counterBuilder("c.time").ofDoubles().setUnit("s").build().add(3);

    assertThat(lines("c_time"))
        .containsExactly(
            "# TYPE c_time_seconds_total counter",
            "c_time_seconds_total{connector=\"m/a\"} 2.0",
            "c_time_seconds_total{connector=\"m/b\"} 3.0");
    a.close();
    b.close();
  }

  private SdkMeterProvider connector(String id) {
    return SdkMeterProvider.builder().registerMetricReader(metrics.connectorReader(id)).build();
  }

  @Test
  void anotherTypeUnderOneNameIsLeftOut() {
    meter.upDownCounterBuilder("x").build().add(1);
    metrics.meter("other").histogramBuilder("x").build().record(1);

    assertThat(lines("x")).filteredOn(line -> line.startsWith("# TYPE")).hasSize(1);
    assertThat(lines("x").contains("x 1")).isNotEqualTo(lines("x").contains("x_count 1"));
  }

  @Test
  void gaugesAndUpDownCountersHaveNoSuffix() {
    meter.upDownCounterBuilder("queue_size").build().add(-3);
    meter.gaugeBuilder("far").build().set(Double.NEGATIVE_INFINITY);

    assertThat(lines("queue_size")).containsExactly("# TYPE queue_size gauge", "queue_size -3");
    assertThat(lines("far")).contains("far -Inf");
  }

  @Test
  void histogramIsCumulative() {
    var histogram =
        meter.histogramBuilder("h").setExplicitBucketBoundariesAdvice(List.of(1.0, 2.5)).build();
    for (double value : new double[] {0.5, 1, 2, 3}) {
      histogram.record(value, labels("k", "v"));
    }

    assertThat(lines("h"))
        .containsExactly(
            "# TYPE h histogram",
            "h_bucket{k=\"v\",le=\"1.0\"} 2",
            "h_bucket{k=\"v\",le=\"2.5\"} 3",
            "h_bucket{k=\"v\",le=\"+Inf\"} 4",
            "h_sum{k=\"v\"} 6.5",
            "h_count{k=\"v\"} 4");
  }

  @Test
  void namesAndValuesAreMadeFit() {
    meter
        .counterBuilder("a.b-c")
        .setDescription("back\\slash \"quoted\"\nnext")
        .build()
        .add(1, labels("1.key", "back\\slash \"quoted\"\nnext"));

    assertThat(lines("a_b"))
        .containsExactly(
            "# HELP a_b_c_total back\\\\slash \"quoted\"\\nnext",
            "# TYPE a_b_c_total counter",
            "a_b_c_total{_1_key=\"back\\\\slash \\\"quoted\\\"\\nnext\"} 1");
  }

  @Test
  void processIsShown() {
    clock.now = clock.now.plusMillis(12_500);

    assertThat(lines("otelcol_process_uptime")).contains("otelcol_process_uptime_total 12.5");
    assertThat(lines("otelcol_process_runtime_heap_alloc_bytes")).hasSize(3);
    assertThat(lines("otelcol_process_cpu_seconds")).hasSize(3);
  }

  private List<String> lines(String prefix) {
    return metrics
        .prometheusText()
        .lines()
        .filter(line -> line.replaceFirst("^# (HELP|TYPE) ", "").startsWith(prefix))
        .toList();
  }

  private static Attributes labels(String key, String value) {
    return Attributes.of(AttributeKey.stringKey(key), value);
  }

  private static final class SettableClock extends Clock {

    private Instant now = Instant.EPOCH;

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneId.of("UTC");
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
