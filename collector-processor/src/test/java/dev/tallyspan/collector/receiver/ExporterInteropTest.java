package dev.tallyspan.collector.receiver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.StatusCode;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.logs.OtlpGrpcLogRecordExporter;
import io.opentelemetry.exporter.otlp.metrics.OtlpGrpcMetricExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.sdk.common.export.RetryPolicy;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.logs.export.SimpleLogRecordProcessor;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The exporters of opentelemetry-java as clients. */
class ExporterInteropTest {

  private ReceiverFixture fixture;

  @BeforeEach
  void start() throws Exception {
    fixture = new ReceiverFixture();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip"})
  void grpcExportersArrive(String compression) {
    String endpoint = "http://localhost:" + fixture.receiver.grpcPort();
    export(
        OtlpGrpcSpanExporter.builder().setEndpoint(endpoint).setCompression(compression).build(),
        OtlpGrpcLogRecordExporter.builder()
            .setEndpoint(endpoint)
            .setCompression(compression)
            .build(),
        OtlpGrpcMetricExporter.builder().setEndpoint(endpoint).setCompression(compression).build());

    fixture.awaitCounts(
        entry("accepted_spans{grpc}", 300L),
        entry("accepted_log_records{grpc}", 1L),
        entry("accepted_metric_points{grpc}", 1L),
        entry("requests{grpc,success}", 3L));
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip"})
  void httpExportersArrive(String compression) {
    export(
        OtlpHttpSpanExporter.builder()
            .setEndpoint(fixture.http("/v1/traces"))
            .setCompression(compression)
            .build(),
        OtlpHttpLogRecordExporter.builder()
            .setEndpoint(fixture.http("/v1/logs"))
            .setCompression(compression)
            .build(),
        OtlpHttpMetricExporter.builder()
            .setEndpoint(fixture.http("/v1/metrics"))
            .setCompression(compression)
            .build());

    fixture.awaitCounts(
        entry("accepted_spans{http}", 300L),
        entry("accepted_log_records{http}", 1L),
        entry("accepted_metric_points{http}", 1L),
        entry("requests{http,success}", 3L));
  }

  @Test
  void requestsAreHandledOffTheEventLoops() {
    List<String> threads = new CopyOnWriteArrayList<>();
    fixture.intake.answer(
        (signal, request) -> {
          threads.add(Thread.currentThread().getName().replaceAll("-[0-9].*", ""));
          return CompletableFuture.completedStage(Outcome.ACCEPTED);
        });
    for (String compression : List.of("none", "gzip")) {
      spans(
          OtlpGrpcSpanExporter.builder()
              .setEndpoint("http://localhost:" + fixture.receiver.grpcPort())
              .setCompression(compression)
              .build(),
          1);
      spans(
          OtlpHttpSpanExporter.builder()
              .setEndpoint(fixture.http("/v1/traces"))
              .setCompression(compression)
              .build(),
          1);
    }
    assertThat(threads).hasSize(4).containsOnly("otlp-work");
  }

  @Test
  void exporterComesAgainWhenItIsToldTo() {
    AtomicInteger calls = new AtomicInteger();
    fixture.intake.answer(
        (signal, request) ->
            CompletableFuture.completedStage(
                calls.getAndIncrement() == 0
                    ? new Outcome.Refused(StatusCode.UNAVAILABLE, "full", Duration.ofMillis(1))
                    : Outcome.ACCEPTED));
    RetryPolicy soon =
        RetryPolicy.builder().setInitialBackoff(Duration.ofMillis(1)).setMaxAttempts(3).build();
    for (SpanExporter exporter :
        new SpanExporter[] {
          OtlpGrpcSpanExporter.builder()
              .setEndpoint("http://localhost:" + fixture.receiver.grpcPort())
              .setRetryPolicy(soon)
              .build(),
          OtlpHttpSpanExporter.builder()
              .setEndpoint(fixture.http("/v1/traces"))
              .setRetryPolicy(soon)
              .build()
        }) {
      calls.set(0);
      spans(exporter, 1);
      assertThat(calls).hasValue(2);
    }
  }

  private void export(SpanExporter spans, LogRecordExporter logs, MetricExporter metrics) {
    spans(spans, 300);
    try (SdkLoggerProvider loggers =
        SdkLoggerProvider.builder()
            .addLogRecordProcessor(SimpleLogRecordProcessor.create(logs))
            .build()) {
      loggers.get("test").logRecordBuilder().setBody("body").emit();
    }
    try (SdkMeterProvider meters =
        SdkMeterProvider.builder()
            .registerMetricReader(PeriodicMetricReader.create(metrics))
            .build()) {
      meters.get("test").counterBuilder("c").build().add(1);
    }
    await().untilAsserted(() -> assertThat(fixture.intake.requests()).hasSize(3));
    assertThat(
            ((ExportTraceServiceRequest) fixture.intake.requests().get(0))
                .getResourceSpans(0)
                .getScopeSpans(0)
                .getSpansList())
        .hasSize(300);
  }

  private static void spans(SpanExporter exporter, int count) {
    try (SdkTracerProvider tracers =
        SdkTracerProvider.builder()
            .addSpanProcessor(
                BatchSpanProcessor.builder(exporter).setScheduleDelay(Duration.ofHours(1)).build())
            .build()) {
      for (int i = 0; i < count; i++) {
        Span span = tracers.get("test").spanBuilder("span " + i).startSpan();
        span.setAttribute("i", i);
        span.end();
      }
      tracers.forceFlush().join(20, TimeUnit.SECONDS);
    }
  }
}
