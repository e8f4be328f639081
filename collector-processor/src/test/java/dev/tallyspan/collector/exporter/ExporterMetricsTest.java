package dev.tallyspan.collector.exporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import dev.tallyspan.collector.wire.Slices;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExporterMetricsTest {
  private final Backend backend = new Backend(builder -> {});

  @Test
  void countersExistAtZeroFromTheStart() {
    for (Signal signal : Signal.values()) {
      for (String name : List.of("sent", "send_failed", "enqueue_failed")) {
        assertThat(backend.metrics.names())
            .contains("otelcol_exporter_" + name + "_" + signal.items());
      }
    }
    assertThat(backend.metrics.names())
        .contains("tallyspan_exporter_retries", "otelcol_exporter_in_flight_requests");
  }

  @Test
  void countersOfSignalsWithoutEndpointDoNotExist() {
    Metrics metrics = new Metrics();
    OtlpExporter exporter =
        OtlpExporter.builder("otlp_http", Protocol.HTTP_PROTOBUF)
            .endpoint(Signal.TRACES, "http://localhost:1/traces")
            .meter(metrics.meter())
            .build();

    assertThat(metrics.names())
        .contains("otelcol_exporter_sent_spans")
        .doesNotContain("otelcol_exporter_sent_log_records", "otelcol_exporter_sent_metric_points");
    exporter.close(Duration.ZERO);
  }

  @Test
  void retriesAndRefusalsAreCountedByAttempt() {
    backend.send("a", 7);
    backend.transport.last().fail();
    backend.timer.advance(Duration.ofSeconds(5));
    backend.transport.last().answer().complete(Outcome.refused(StatusCode.INVALID_ARGUMENT, "bad"));

    assertThat(backend.metrics.value("tallyspan_exporter_retries")).isEqualTo(1);
    assertThat(backend.metrics.byAttribute("tallyspan_exporter_refusals", "code"))
        .containsOnly(entry("UNAVAILABLE", 1L), entry("INVALID_ARGUMENT", 1L));
    assertThat(backend.metrics.value("otelcol_exporter_send_failed_spans")).isEqualTo(7);
  }

  @Test
  void httpStatusIsTheCode() throws Exception {
    Metrics metrics = new Metrics();
    try (HttpSink sink = new HttpSink();
        OtlpExporter exporter =
            OtlpExporter.builder("otlp_grpc/test", Protocol.HTTP_PROTOBUF)
                .endpoint(sink.url())
                .retry(RetrySettings.DISABLED)
                .meter(metrics.meter())
                .build()) {
      sink.script.add(HttpSink.Answer.of(429));
      sink.script.add(HttpSink.Answer.of(401));
      for (int i = 0; i < 2; i++) {
        Sending.send(exporter, Signal.TRACES, Backend.slices("a"), 1).join();
      }
    }

    assertThat(metrics.byAttribute("tallyspan_exporter_refusals", "code"))
        .containsOnly(entry("429", 1L), entry("401", 1L));
  }

  @Test
  void ageIsThatOfTheOldestRequestWhereverItIs() {
    Backend patient = new Backend(builder -> builder.patient(true));
    assertThat(age(patient)).isZero();
    patient.send("a", 1);
    patient.timer.advance(Duration.ofSeconds(2));
    patient.send("b", 1);
    assertThat(age(patient)).isEqualTo(2);

    patient.transport.attempts.get(0).fail();
    patient.timer.advance(Duration.ofSeconds(1));
    assertThat(age(patient)).isEqualTo(3);
    patient.transport.attempts.get(1).accept();
    patient.timer.advance(Duration.ofSeconds(60));
    patient.transport.last().accept();
    assertThat(age(patient)).isZero();
  }

  private static double age(Backend backend) {
    return backend.metrics.number("tallyspan_exporter_oldest_request_age_seconds");
  }

  @Test
  void batchIsMeasuredOnceHoweverOftenItIsTried() {
    Backend patient = new Backend(builder -> builder.patient(true));
    patient.send("12345", 30);
    patient.transport.last().fail();
    patient.timer.advance(Duration.ofSeconds(10));
    patient.transport.last().accept();

    HistogramPointData items = patient.metrics.histogram("otelcol_exporter_queue_batch_send_size");
    HistogramPointData bytes =
        patient.metrics.histogram("otelcol_exporter_queue_batch_send_size_bytes");
    assertThat(items.getCount()).isEqualTo(1);
    assertThat(items.getSum()).isEqualTo(30);
    assertThat(items.getBoundaries()).startsWith(10.0, 25.0, 50.0).endsWith(100_000.0);
    assertThat(bytes.getSum()).isEqualTo(5);
    assertThat(bytes.getBoundaries()).startsWith(128.0, 256.0).endsWith(16_777_216.0);
  }

  @Test
  void exporterThatIsBuiltTwiceReportsBothTogether() {
    Backend patient =
        new Backend(
            builder -> {
              builder.patient(true).metricsOf(backend.exporter);
            });
    backend.send("direct", 1);
    backend.timer.advance(Duration.ofSeconds(1));
    patient.send("queued", 2);
    patient.send("queued", 2);
    assertThat(backend.metrics.value("otelcol_exporter_queue_size")).isEqualTo(3);
    assertThat(backend.metrics.value("otelcol_exporter_queue_capacity")).isEqualTo(2000);
    assertThat(backend.metrics.value("otelcol_exporter_in_flight_requests")).isEqualTo(3);
    assertThat(age(backend)).isEqualTo(1);

    backend.transport.last().accept();
    patient.transport.attempts.forEach(ScriptedTransport.Attempt::accept);
    assertThat(backend.metrics.value("otelcol_exporter_sent_spans")).isEqualTo(5);
    backend.exporter.close(Duration.ZERO);
    assertThat(backend.metrics.value("otelcol_exporter_queue_capacity")).isEqualTo(1000);
    patient.exporter.close(Duration.ZERO);
    assertThat(backend.metrics.names()).doesNotContain("otelcol_exporter_queue_capacity");
  }

  @Test
  void requestRefusedAtOnceIsNotAnAttempt() {
    Sending.send(backend.exporter, Signal.TRACES, new Slices(), 0);

    assertThat(backend.metrics.value("otelcol_exporter_sent_spans")).isZero();
    assertThat(backend.metrics.byAttribute("tallyspan_exporter_refusals", "code")).isEmpty();
  }
}
