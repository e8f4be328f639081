package dev.tallyspan.sdk;

import static io.opentelemetry.api.common.AttributeKey.stringKey;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SdkTracerProviderBuilder;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.List;
import java.util.function.Consumer;

/** An SDK in memory: ends spans and shows what is exported of them. */
final class TestSpans implements AutoCloseable {

  static final AttributeKey<Double> TOTAL = AttributeKey.doubleKey("tallyspan.cost.total");
  static final AttributeKey<String> TOTAL_EXACT = stringKey("tallyspan.cost.total_exact");
  static final AttributeKey<String> STATUS = stringKey("tallyspan.cost.status");
  static final AttributeKey<Double> GEN_AI_USAGE_COST = AttributeKey.doubleKey("gen_ai.usage.cost");

  private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
  private final SdkTracerProvider provider;

  TestSpans(SdkTracerProviderBuilder builder) {
    provider = builder.addSpanProcessor(SimpleSpanProcessor.create(exporter)).build();
  }

  TestSpans(LlmEnrichment tracing) {
    this(SdkTracerProvider.builder().addSpanProcessor(tracing.spanProcessor()));
  }

  /** Returns the attributes that a client span leaves with. */
  Attributes attributes(String name, Consumer<Span> application) {
    return span(name, application).getAttributes();
  }

  SpanData span(String name, Consumer<Span> application) {
    exporter.reset();
    Span span =
        provider.get("application").spanBuilder(name).setSpanKind(SpanKind.CLIENT).startSpan();
    application.accept(span);
    span.end();
    List<SpanData> spans = exporter.getFinishedSpanItems();
    return spans.get(0);
  }

  /** What an application writes about a chat of 1117 tokens in, 463 out. */
  static void chat(Span span, String provider, String model) {
    span.setAttribute("gen_ai.operation.name", "chat");
    span.setAttribute("gen_ai.provider.name", provider);
    span.setAttribute("gen_ai.request.model", model);
    span.setAttribute("gen_ai.usage.input_tokens", 1117);
    span.setAttribute("gen_ai.usage.output_tokens", 463);
  }

  static void chat(Span span) {
    chat(span, "openai", "gpt-4o-mini");
  }

  @Override
  public void close() {
    provider.close();
  }
}
