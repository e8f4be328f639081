package dev.tallyspan.bridges.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.api.CatalogCosts;
import dev.tallyspan.api.ContentCapture;
import dev.tallyspan.api.GenAi;
import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.read.SpanValidator;
import dev.tallyspan.semconv.read.SpanValidator.Finding;
import dev.tallyspan.semconv.read.SpanValidator.Severity;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SdkTracerProviderBuilder;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a test has exported. Each span that is asked for conforms to the GenAI conventions. */
public final class Traces implements AutoCloseable {

  private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
  private final OpenTelemetrySdk openTelemetry;

  /** Exports spans as they are. */
  public Traces() {
    this(List.of());
  }

  /** Exports what these processors make of the spans. */
  public Traces(List<SpanProcessor> processors) {
    SdkTracerProviderBuilder provider = SdkTracerProvider.builder();
    processors.forEach(provider::addSpanProcessor);
    provider.addSpanProcessor(SimpleSpanProcessor.create(exporter));
    openTelemetry =
        OpenTelemetrySdk.builder()
            .setTracerProvider(provider.build())
            .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
            .build();
  }

  /** The SDK that exports to this. */
  public OpenTelemetrySdk openTelemetry() {
    return openTelemetry;
  }

  /** Captures all content, and knows prices. */
  public GenAi genAi() {
    return GenAi.builder(openTelemetry)
        .content(ContentCapture.ALL)
        .costs(CatalogCosts.shipped())
        .build();
  }

  /** All spans, in the order of their ends. */
  public List<SpanData> all() {
    List<SpanData> spans = exporter.getFinishedSpanItems();
    spans.forEach(Traces::validate);
    return spans;
  }

  /** All spans, whether they conform or not. */
  public List<SpanData> exported() {
    return exporter.getFinishedSpanItems();
  }

  /** The only span. */
  public SpanData only() {
    assertThat(all()).as("spans").hasSize(1);
    return all().get(0);
  }

  /** The only span with this name. */
  public SpanData named(String name) {
    List<SpanData> named = all().stream().filter(it -> it.getName().equals(name)).toList();
    assertThat(named).as("spans named %s among %s", name, all()).hasSize(1);
    return named.get(0);
  }

  public List<SpanData> allNamed(String name) {
    return all().stream().filter(it -> it.getName().equals(name)).toList();
  }

  private static void validate(SpanData span) {
    List<Finding> violations =
        SpanValidator.of(ConventionVersion.GENAI_DEV).check(new SpanDataView(span)).stream()
            .filter(it -> it.rule().severity() == Severity.VIOLATION)
            .toList();
    assertThat(violations).as("violations of %s", span).isEmpty();
  }

  /** The attribute; null if there is none. */
  public static @Nullable String text(SpanData span, String key) {
    return span.getAttributes().get(AttributeKey.stringKey(key));
  }

  /** The attribute; null if there is none. */
  public static @Nullable Long count(SpanData span, String key) {
    return span.getAttributes().get(AttributeKey.longKey(key));
  }

  /** The attribute; null if there is none. */
  public static @Nullable Double number(SpanData span, String key) {
    return span.getAttributes().get(AttributeKey.doubleKey(key));
  }

  /** The attribute; null if there is none. */
  public static @Nullable List<String> texts(SpanData span, String key) {
    return span.getAttributes().get(AttributeKey.stringArrayKey(key));
  }

  /** That nothing has been left current on this thread. */
  public static void nothingIsCurrent() {
    assertThat(Context.current()).as("the current context").isSameAs(Context.root());
  }

  @Override
  public void close() {
    openTelemetry.close();
    nothingIsCurrent();
  }
}
