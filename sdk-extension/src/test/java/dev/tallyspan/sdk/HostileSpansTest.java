package dev.tallyspan.sdk;

import static dev.tallyspan.sdk.TestSpans.STATUS;
import static dev.tallyspan.sdk.TestSpans.TOTAL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.enrichment.TokenEstimator;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.common.ValueType;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever an application, its instrumentation or its logging does, its spans end as usual. */
class HostileSpansTest {

  @ParameterizedTest
  @MethodSource("hostileSpans")
  void spanEndsAndIsExportedWithItsOwnAttributes(Consumer<Span> hostile) {
    try (TestSpans spans = new TestSpans(LlmEnrichment.create())) {
      Attributes attributes =
          spans.attributes(
              "chat",
              span -> {
                span.setAttribute("gen_ai.request.model", "gpt-4o-mini");
                hostile.accept(span);
              });

      assertThat(attributes.get(AttributeKey.stringKey("gen_ai.request.model")))
          .isEqualTo("gpt-4o-mini");
    }
  }

  static Stream<Named<Consumer<Span>>> hostileSpans() {
    return Stream.of(
        named("negative counts", s -> s.setAttribute("gen_ai.usage.input_tokens", -5L)),
        named("largest count", s -> s.setAttribute("gen_ai.usage.input_tokens", Long.MAX_VALUE)),
        named("count that is text", s -> s.setAttribute("gen_ai.usage.input_tokens", "many")),
        named("count that is NaN", s -> s.setAttribute("gen_ai.usage.input_tokens", Double.NaN)),
        named("cost that is infinite", s -> s.setAttribute("gen_ai.usage.cost", 1 / 0.0)),
        named(
            "null elements",
            s ->
                s.setAttribute(
                    AttributeKey.stringArrayKey("gen_ai.response.finish_reasons"),
                    Arrays.asList(null, "stop", null))),
        named(
            "model of the wrong type",
            s -> s.setAttribute(AttributeKey.booleanKey("gen_ai.response.model"), true)),
        named("deep JSON", s -> s.setAttribute("gen_ai.input.messages", "[".repeat(100_000))),
        named("cut JSON", s -> s.setAttribute("gen_ai.output.messages", "[{\"role\":\"us")),
        named("half a surrogate", s -> s.setAttribute("gen_ai.prompt", "\ud800")),
        named("empty key", s -> s.setAttribute("", "x")),
        named("key that is not ASCII", s -> s.setAttribute("ключ", "x")),
        named("null value", s -> s.setAttribute("session.id", (String) null)),
        named(
            "status as if processed before",
            s ->
                s.setAttribute("tallyspan.cost.status", "free")
                    .setAttribute("tallyspan.cost.total", 1)));
  }

  private static Named<Consumer<Span>> named(String name, Consumer<Span> hostile) {
    return Named.of(name, hostile);
  }

  @Test
  void logRecordThatCannotBeReadIsPassedOver() {
    LlmEnrichment tracing = LlmEnrichment.create();
    try (SdkLoggerProvider logs =
            SdkLoggerProvider.builder()
                .addLogRecordProcessor(tracing.logRecordProcessor())
                .build();
        TestSpans spans = new TestSpans(tracing)) {
      Attributes attributes =
          spans.attributes(
              "chat",
              span -> {
                TestSpans.chat(span);
                logs.get("app")
                    .logRecordBuilder()
                    .setContext(Context.root().with(span))
                    .setEventName("gen_ai.user.message")
                    .setBody(new ThrowingValue())
                    .emit();
              });

      assertThat(attributes.get(STATUS)).isEqualTo("priced");
    }
  }

  @Test
  void spanWithRoomForOneAttributeKeepsIt() {
    SpanLimits one = SpanLimits.builder().setMaxNumberOfAttributes(1).build();
    try (TestSpans spans =
        new TestSpans(
            SdkTracerProvider.builder()
                .setSpanLimits(one)
                .addSpanProcessor(LlmEnrichment.create().spanProcessor()))) {
      Attributes attributes = spans.attributes("chat", TestSpans::chat);

      assertThat(attributes.asMap().keySet())
          .containsExactly(AttributeKey.stringKey("gen_ai.operation.name"));
    }
  }

  @Test
  void spanIsEnrichedTheSameBeforeAndAfterOtherProcessorsAndOnce() {
    LlmEnrichment first = LlmEnrichment.create();
    LlmEnrichment second = LlmEnrichment.create();
    InMemorySpanExporter exporter = InMemorySpanExporter.create();
    try (SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .addSpanProcessor(SimpleSpanProcessor.create(exporter))
            .addSpanProcessor(first.spanProcessor())
            .addSpanProcessor(second.spanProcessor())
            .build()) {
      Span agent = provider.get("app").spanBuilder("agent").setNoParent().startSpan();
      agent.setAttribute("gen_ai.operation.name", "invoke_agent");
      Span chat =
          provider.get("app").spanBuilder("chat").setParent(Context.root().with(agent)).startSpan();
      TestSpans.chat(chat);
      chat.end();
      agent.end();

      assertThat(exporter.getFinishedSpanItems()).hasSize(2);
      assertThat(exporter.getFinishedSpanItems().get(0).getAttributes().get(TOTAL))
          .isEqualTo(0.00044535);
      Attributes sums = exporter.getFinishedSpanItems().get(1).getAttributes();
      assertThat(sums.get(AttributeKey.longKey("tallyspan.rollup.calls"))).isEqualTo(1);
    }
    assertThat(first.faults() + second.faults()).isZero();
  }

  @Test
  void streamThatEndsAfterTheShutdownEndsAsUsual() {
    LlmEnrichment tracing = LlmEnrichment.create();
    SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .addSpanProcessor(tracing.spanProcessor())
            .addSpanProcessor(SimpleSpanProcessor.create(InMemorySpanExporter.create()))
            .build();
    Span streamed = provider.get("app").spanBuilder("chat").startSpan();
    TestSpans.chat(streamed);

    provider.shutdown().join(60, TimeUnit.SECONDS);
    streamed.setAttribute("gen_ai.usage.output_tokens", 10);
    streamed.end();

    assertThat(tracing.faults()).isZero();
    assertThat(streamed.isRecording()).isFalse();
  }

  @Test
  void estimatorThatThrowsLeavesTheSpanAsItWas() {
    TokenEstimator throwing =
        () ->
            (llm, span) -> {
              throw new IllegalStateException("estimator");
            };
    LlmEnrichment tracing = LlmEnrichment.builder().estimator(throwing).build();
    try (TestSpans spans = new TestSpans(tracing)) {
      assertThat(spans.attributes("chat", TestSpans::chat).get(STATUS)).isNull();
    }
    assertThat(tracing.faults()).isEqualTo(1);
  }

  @Test
  void pricesThatThrowLeaveTheSpanAsItWas() {
    LlmEnrichment tracing =
        LlmEnrichment.builder()
            .catalog(
                () -> {
                  throw new IllegalStateException("prices");
                })
            .build();
    try (TestSpans spans = new TestSpans(tracing)) {
      assertThat(spans.attributes("chat", TestSpans::chat).get(STATUS)).isNull();
    }
    assertThat(tracing.faults()).isEqualTo(1);
  }

  @Test
  void logHandlerThatThrowsDoesNotReachTheApplication() {
    Logger logger = Logger.getLogger(Faults.class.getName());
    Handler throwing = new ThrowingHandler();
    logger.addHandler(throwing);
    logger.setUseParentHandlers(false);
    LlmEnrichment tracing = LlmEnrichment.create();
    try (TestSpans spans = new TestSpans(tracing)) {
      spans.span(
          "chat",
          span -> {
            TestSpans.chat(span);
            span.setAttribute(AttributeKey.valueKey("gen_ai.input.messages"), new ThrowingValue());
          });
    } finally {
      logger.removeHandler(throwing);
      logger.setUseParentHandlers(true);
    }
    assertThat(tracing.faults()).isEqualTo(1);
  }

  @Test
  void clientThatLostTheAnswerMayHaveBeenBilled() {
    try (TestSpans spans = new TestSpans(LlmEnrichment.create())) {
      Attributes lost =
          spans.attributes("chat", span -> failed(span, "com.openai.errors.OpenAIIoException"));
      Attributes refused =
          spans.attributes("chat", span -> failed(span, "com.openai.errors.RateLimitException"));

      assertThat(lost.get(STATUS)).isEqualTo("unpriced");
      assertThat(lost.get(AttributeKey.stringArrayKey("tallyspan.cost.missing")))
          .containsExactly("no_usage");
      assertThat(refused.get(STATUS)).isEqualTo("not_billable");
    }
  }

  private static void failed(Span span, String exception) {
    span.setAttribute("gen_ai.operation.name", "chat");
    span.setAttribute("gen_ai.provider.name", "openai");
    span.setAttribute("gen_ai.request.model", "gpt-4o-mini");
    span.setAttribute("error.type", exception);
    span.setStatus(io.opentelemetry.api.trace.StatusCode.ERROR, "Request failed");
  }

  private static final class ThrowingValue implements Value<String> {

    @Override
    public ValueType getType() {
      throw new AssertionError("hostile");
    }

    @Override
    public String getValue() {
      throw new AssertionError("hostile");
    }

    @Override
    public String asString() {
      throw new AssertionError("hostile");
    }
  }

  private static final class ThrowingHandler extends Handler {

    @Override
    public void publish(LogRecord record) {
      throw new IllegalStateException("handler");
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
