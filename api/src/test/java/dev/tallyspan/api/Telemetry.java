package dev.tallyspan.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.read.SpanValidator;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** An SDK that keeps what it exports, and a clock that tests move. */
final class Telemetry implements AutoCloseable {

  private static final Instant START = Instant.parse("2026-11-28T12:00:00Z");

  private final InMemorySpanExporter spans = InMemorySpanExporter.create();
  private final InMemoryMetricReader metrics = InMemoryMetricReader.create();
  private final AtomicLong nanos = new AtomicLong(1);
  final OpenTelemetrySdk sdk;

  Telemetry() {
    this(Sampler.alwaysOn());
  }

  Telemetry(Sampler sampler) {
    sdk =
        OpenTelemetrySdk.builder()
            .setTracerProvider(
                SdkTracerProvider.builder()
                    .setSampler(sampler)
                    .addSpanProcessor(SimpleSpanProcessor.create(spans))
                    .build())
            .setMeterProvider(SdkMeterProvider.builder().registerMetricReader(metrics).build())
            .build();
  }

  /** A builder with this clock. */
  GenAi.Builder genAi() {
    return GenAi.builder(sdk).clock(() -> START.plusNanos(nanos.get()), nanos::get);
  }

  void pass(long millis) {
    nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  List<SpanData> spans() {
    return spans.getFinishedSpanItems();
  }

  SpanData span() {
    assertThat(spans()).hasSize(1);
    return spans().get(0);
  }

  SpanData span(String name) {
    return spans().stream().filter(it -> it.getName().equals(name)).findFirst().orElseThrow();
  }

  MetricData metric(String name) {
    return metrics.collectAllMetrics().stream()
        .filter(it -> it.getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no metric " + name));
  }

  List<String> metricNames() {
    return metrics.collectAllMetrics().stream()
        .map(MetricData::getName)
        .sorted()
        .collect(Collectors.toList());
  }

  static String text(SpanData span, String key) {
    return span.getAttributes().get(AttributeKey.stringKey(key));
  }

  static Long whole(SpanData span, String key) {
    return span.getAttributes().get(AttributeKey.longKey(key));
  }

  static List<String> keys(SpanData span) {
    return span.getAttributes().asMap().keySet().stream().map(AttributeKey::getKey).toList();
  }

  /** What the conventions require or recommend otherwise; custom values are none of it. */
  static List<SpanValidator.Finding> findings(SpanData span, ConventionVersion generation) {
    return SpanValidator.of(generation).check(new SpanDataView(span)).stream()
        .filter(it -> it.rule().severity() != SpanValidator.Severity.INFORMATION)
        .toList();
  }

  static List<SpanValidator.Finding> findings(SpanData span) {
    return findings(span, ConventionVersion.GENAI_DEV);
  }

  /** The result of code that must not throw. */
  static <T> T quietly(Supplier<T> code) {
    try {
      return code.get();
    } catch (Throwable t) {
      throw new AssertionError("recording threw", t);
    }
  }

  @Override
  public void close() {
    sdk.close();
  }
}
