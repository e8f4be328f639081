package dev.tallyspan.collector.processor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.telemetry.OwnMetrics;
import dev.tallyspan.enrichment.estimate.UsageEstimator;
import dev.tallyspan.pricing.Deployments;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.Messages;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls without usage, with an estimator and without. */
class EnrichmentEstimatesTest {

  private static final String CHAT = "You are a helpful assistant.";

  @Test
  void nothingIsEstimatedUnlessItIsAskedFor() throws Exception {
    assertThat(only(LlmProcessor.builder().build(), chat("gpt-4o").build()))
        .containsEntry("tallyspan.cost.status", "unpriced")
        .doesNotContainKeys("gen_ai.usage.input_tokens", "tallyspan.usage.source");
  }

  @Test
  void estimateIsMarkedAndPriced() throws Exception {
    // OpenAI's API reference: 19 tokens for these two messages. The answer is 9 tokens of text.
    // 19 x 2.5 + 9 x 10 USD per million.
    assertThat(only(estimating(), chat("gpt-4o").build()))
        .containsEntry("gen_ai.usage.input_tokens", 19L)
        .containsEntry("gen_ai.usage.output_tokens", 9L)
        .containsEntry("tallyspan.usage.source", "estimated")
        .containsEntry("tallyspan.usage.estimator", "jtokkit/o200k_base@1.1.0")
        .containsEntry("tallyspan.usage.semantics", "none")
        .containsEntry("tallyspan.cost.status", "priced")
        .containsEntry("tallyspan.cost.total_exact", "0.0001375")
        .doesNotContainKey("gen_ai.usage.cache_read.input_tokens");
  }

  /** The conversation of OpenAI's cookbook, of which it says what the API counted. */
  @ParameterizedTest
  @CsvSource({"gpt-4-0613, 129", "gpt-3.5-turbo, 129", "gpt-4o, 124", "gpt-4o-mini, 124"})
  void conversationIsCountedAsTheApiCountsIt(String model, long expected) throws Exception {
    String input =
        Messages.toJson(
            List.of(
                Message.text(
                    "system",
                    "You are a helpful, pattern-following assistant that translates corporate"
                        + " jargon into plain English."),
                named("example_user", "New synergies will help drive top-line growth."),
                named("example_assistant", "Things working well together will increase revenue."),
                named(
                    "example_user",
                    "Let's circle back when we have more bandwidth to touch base on opportunities"
                        + " for increased leverage."),
                named(
                    "example_assistant",
                    "Let's talk later when we're less busy about how to do better."),
                Message.text(
                    "user",
                    "This late pivot means we don't have time to boil the ocean for the client"
                        + " deliverable.")));

    assertThat(only(estimating(), span(model, input, "Hello!").build()))
        .containsEntry("gen_ai.usage.input_tokens", expected);
  }

  @ParameterizedTest
  @CsvSource({
    "gpt-4.1, o200k_base",
    "gpt-4.1-mini-2025-04-14, o200k_base",
    "gpt-4o-2024-11-20, o200k_base",
    "openai/gpt-4o, o200k_base",
    "ft:gpt-4o-mini-2024-07-18:acme::x1, o200k_base",
    "chatgpt-4o-latest, o200k_base",
    "gpt-5-chat-latest, o200k_base",
    "gpt-4-turbo-2024-04-09, cl100k_base",
    "gpt-35-turbo-16k, cl100k_base"
  })
  void encodingIsThatOfTheModel(String model, String encoding) throws Exception {
    assertThat(only(estimating(), chat(model).build()))
        .containsEntry("tallyspan.usage.estimator", "jtokkit/" + encoding + "@1.1.0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gpt-5",
        "gpt-5.1-chat-latest",
        "o3",
        "o4-mini-2025-04-16",
        "claude-sonnet-4-5",
        "gemini-2.5-pro",
        "gpt-4o-audio-preview",
        "gpt-4o-search-preview",
        "gpt-4o-mini-transcribe",
        "gpt-4.10"
      })
  void modelThatThinksOrHearsOrIsNotKnownIsNotEstimated(String model) throws Exception {
    assertThat(only(estimating(), chat(model).build()))
        .containsEntry("tallyspan.cost.status", "unpriced")
        .doesNotContainKeys("gen_ai.usage.input_tokens", "tallyspan.usage.source");
  }

  @Test
  void modelThatAnsweredDecidesBeforeTheOneThatWasAskedFor() throws Exception {
    Span.Builder span =
        chat("my-deployment").addAttributes(text("gen_ai.response.model", "gpt-4o"));
    assertThat(only(estimating(), span.build())).containsEntry("gen_ai.usage.input_tokens", 19L);
  }

  @Test
  void deploymentIsCountedAsItsModel() throws Exception {
    UsageEstimator estimator =
        UsageEstimator.builder().deployments(Deployments.of(Map.of("acme-chat", "gpt-4o"))).build();

    assertThat(only(LlmProcessor.builder().estimator(estimator).build(), chat("acme-chat").build()))
        .containsEntry("gen_ai.usage.input_tokens", 19L);
  }

  @Test
  void controlTokensInATextAreText() throws Exception {
    Span span = span("gpt-4o", user("<|endoftext|>"), "Hello!").build();
    assertThat((Long) only(estimating(), span).get("gen_ai.usage.input_tokens")).isGreaterThan(8);
  }

  @Test
  void spanFromWhichAttributesWereDroppedIsNotEstimated() throws Exception {
    assertThat(only(estimating(), chat("gpt-4o").setDroppedAttributesCount(1).build()))
        .doesNotContainKey("gen_ai.usage.input_tokens");
    assertThat(only(estimating(), chat("gpt-4o").setDroppedEventsCount(2).build()))
        .doesNotContainKey("gen_ai.usage.input_tokens");
  }

  @Test
  void reportedUsageStays() throws Exception {
    Span span = chat("gpt-4o").addAttributes(number("gen_ai.usage.input_tokens", 1000)).build();
    assertThat(only(estimating(), span))
        .containsEntry("gen_ai.usage.input_tokens", 1000L)
        .containsEntry("tallyspan.usage.source", "reported");
  }

  @Test
  void secondPassChangesNothing() throws Exception {
    byte[] once =
        Forwarded.of(estimating(), Signal.TRACES, request(chat("gpt-4o").build()))
            .body()
            .toByteArray();
    assertThat(Forwarded.of(estimating(), Signal.TRACES, once).body().toByteArray())
        .isEqualTo(once);
  }

  @Test
  void textBeyondTheLimitsIsNotCounted() throws Exception {
    UsageEstimator estimator = UsageEstimator.builder().maxCharacters(100).build();
    LlmProcessor enrichment = LlmProcessor.builder().estimator(estimator).build();
    Span tooLong = span("gpt-4o", user("word ".repeat(21)), "Hello!").build();
    Span fits = span("gpt-4o", user("word ".repeat(13)), "Hello!").build();

    assertThat(only(enrichment, tooLong)).doesNotContainKey("gen_ai.usage.input_tokens");
    List<Map<String, Object>> spans =
        attributes(enrichment, fits, fits, fits, fits, fits, fits, fits, fits);
    // Five times the limit holds seven spans of 71 characters.
    assertThat(spans.subList(0, 7))
        .allSatisfy(span -> assertThat(span).containsKey("gen_ai.usage.input_tokens"));
    assertThat(spans.get(7)).doesNotContainKey("gen_ai.usage.input_tokens");
  }

  @Test
  void estimatesAndReasonsAgainstThemAreCounted() throws Exception {
    try (OwnMetrics metrics = OwnMetrics.create()) {
      UsageEstimator estimator = UsageEstimator.builder().meter(metrics.meter("test")).build();
      LlmProcessor enrichment = LlmProcessor.builder().estimator(estimator).build();

      Forwarded.of(
          enrichment,
          Signal.TRACES,
          request(
              chat("gpt-4o").build(),
              chat("gpt-4o").build(),
              chat("gpt-5").build(),
              chat("unheard-of").build(),
              span("gpt-4o", "[{\"role\":\"user\",\"parts\":[{\"type\":\"te", "Hi").build(),
              chat("gpt-4o").addAttributes(number("gen_ai.usage.input_tokens", 1)).build()));

      assertThat(metrics.prometheusText())
          .contains("tallyspan_usage_estimates_total{result=\"estimated\"} 2")
          .contains("tallyspan_usage_estimates_total{result=\"reasoning_model\"} 1")
          .contains("tallyspan_usage_estimates_total{result=\"unknown_model\"} 1")
          .contains("tallyspan_usage_estimates_total{result=\"cut_off\"} 1")
          .doesNotContain("has_usage");
    }
  }

  private static LlmProcessor estimating() {
    return LlmProcessor.builder().estimator(UsageEstimator.builder().build()).build();
  }

  private static Map<String, Object> only(LlmProcessor enrichment, Span span) throws Exception {
    return attributes(enrichment, span).get(0);
  }

  private static List<Map<String, Object>> attributes(LlmProcessor enrichment, Span... spans)
      throws Exception {
    byte[] body = Forwarded.of(enrichment, Signal.TRACES, request(spans)).body().toByteArray();
    return ExportTraceServiceRequest.parseFrom(body)
        .getResourceSpans(0)
        .getScopeSpans(0)
        .getSpansList()
        .stream()
        .map(EnrichmentEstimatesTest::plain)
        .toList();
  }

  private static Map<String, Object> plain(Span span) {
    Map<String, Object> plain = new LinkedHashMap<>();
    for (KeyValue attribute : span.getAttributesList()) {
      AnyValue value = attribute.getValue();
      plain.put(
          attribute.getKey(), value.hasIntValue() ? value.getIntValue() : value.getStringValue());
    }
    return plain;
  }

  private static byte[] request(Span... spans) {
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder()
                .addScopeSpans(ScopeSpans.newBuilder().addAllSpans(Arrays.asList(spans))))
        .build()
        .toByteArray();
  }

  private static Span.Builder chat(String model) {
    return span(
        model,
        Messages.toJson(List.of(Message.text("system", CHAT), Message.text("user", "Hello!"))),
        "Hello! How can I assist you today?");
  }

  private static Span.Builder span(String model, String input, String answer) {
    return Span.newBuilder()
        .setName("chat " + model)
        .setKind(Span.SpanKind.SPAN_KIND_CLIENT)
        .setStartTimeUnixNano(1_790_000_000_000_000_000L)
        .addAttributes(text("gen_ai.operation.name", "chat"))
        .addAttributes(text("gen_ai.provider.name", "openai"))
        .addAttributes(text("gen_ai.request.model", model))
        .addAttributes(text("gen_ai.input.messages", input))
        .addAttributes(
            text(
                "gen_ai.output.messages",
                Messages.toJson(List.of(Message.text("assistant", answer)))));
  }

  private static String user(String text) {
    return Messages.toJson(List.of(Message.text("user", text)));
  }

  private static Message named(String name, String text) {
    return new Message("system", List.of(new MessagePart.Text(text)), name, null, Map.of());
  }

  private static KeyValue text(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  private static KeyValue number(String key, long value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setIntValue(value))
        .build();
  }
}
