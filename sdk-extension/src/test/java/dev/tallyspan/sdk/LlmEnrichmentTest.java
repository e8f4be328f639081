package dev.tallyspan.sdk;

import static dev.tallyspan.sdk.TestSpans.GEN_AI_USAGE_COST;
import static dev.tallyspan.sdk.TestSpans.STATUS;
import static dev.tallyspan.sdk.TestSpans.TOTAL;
import static dev.tallyspan.sdk.TestSpans.TOTAL_EXACT;
import static io.opentelemetry.api.common.AttributeKey.doubleKey;
import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringArrayKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;
import static io.opentelemetry.api.common.AttributeKey.valueKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LlmEnrichmentTest {

  private final LlmEnrichment tracing = LlmEnrichment.create();
  private final TestSpans spans = new TestSpans(tracing);

  @AfterEach
  void closeSpansWithoutFaults() {
    spans.close();
    assertThat(tracing.faults()).isZero();
  }

  @Test
  void chatGetsItsCost() {
    Attributes attributes = spans.attributes("chat", TestSpans::chat);

    // 1117 x 0.15 + 463 x 0.60 USD per million.
    assertThat(attributes.get(TOTAL)).isEqualTo(0.00044535);
    assertThat(attributes.get(TOTAL_EXACT)).isEqualTo("0.00044535");
    assertThat(attributes.get(GEN_AI_USAGE_COST)).isEqualTo(0.00044535);
    assertThat(attributes.get(STATUS)).isEqualTo("priced");
    assertThat(attributes.get(stringKey("tallyspan.cost.currency"))).isEqualTo("USD");
    assertThat(attributes.get(stringKey("tallyspan.cost.catalog"))).isNotEmpty();
    assertThat(attributes.get(doubleKey("tallyspan.cost.input"))).isEqualTo(0.00016755);
    assertThat(attributes.get(doubleKey("tallyspan.cost.output"))).isEqualTo(0.0002778);
    assertThat(attributes.get(stringArrayKey("tallyspan.dialect"))).containsExactly("otel");
  }

  @Test
  void whatTheApplicationWroteStays() {
    Attributes attributes =
        spans.attributes("chat", span -> TestSpans.chat(span.setAttribute("tenant", "blue")));

    assertThat(attributes.get(stringKey("tenant"))).isEqualTo("blue");
    assertThat(attributes.get(longKey("gen_ai.usage.input_tokens"))).isEqualTo(1117);
    assertThat(attributes.get(stringKey("gen_ai.request.model"))).isEqualTo("gpt-4o-mini");
  }

  @Test
  void tokensWrittenAsTextAreCounted() {
    Attributes attributes =
        spans.attributes(
            "chat",
            span -> {
              span.setAttribute("gen_ai.operation.name", "chat");
              span.setAttribute("gen_ai.system", "openai");
              span.setAttribute("gen_ai.response.model", "gpt-4o-mini-2024-07-18");
              span.setAttribute("gen_ai.usage.input_tokens", "1117");
              span.setAttribute("gen_ai.usage.output_tokens", "463");
              span.setAttribute("gen_ai.usage.total_tokens", "1580");
            });

    assertThat(attributes.get(TOTAL)).isEqualTo(0.00044535);
    assertThat(attributes.get(longKey("gen_ai.usage.input_tokens"))).isEqualTo(1117);
    assertThat(attributes.get(stringKey("gen_ai.provider.name"))).isEqualTo("openai");
  }

  @Test
  void structuredMessagesAreCompletedAndNotSaidTwice() {
    Value<?> message =
        Value.of(
            KeyValue.of("role", Value.of("assistant")),
            KeyValue.of(
                "parts",
                Value.of(
                    Value.of(
                        KeyValue.of("type", Value.of("text")),
                        KeyValue.of("content", Value.of("Hi"))))));
    Attributes attributes =
        spans.attributes(
            "chat",
            span ->
                TestSpans.chat(
                    span.setAttribute(valueKey("gen_ai.output.messages"), Value.of(message))));

    assertThat(attributes.get(stringKey("gen_ai.output.messages"))).isNull();
    assertThat(attributes.get(valueKey("gen_ai.output.messages")).asString())
        .contains("finish_reason");
  }

  @Test
  void cacheWritesHaveTheNamesThatAreAskedFor() {
    try (TestSpans legacy =
        new TestSpans(LlmEnrichment.builder().cacheWriteNames("legacy").build())) {
      Attributes attributes =
          legacy.attributes(
              "chat",
              span ->
                  TestSpans.chat(
                      span.setAttribute("gen_ai.usage.cache_creation_input_tokens", 12)));

      assertThat(attributes.get(longKey("gen_ai.usage.cache_creation.input_tokens"))).isEqualTo(12);
      assertThat(attributes.get(longKey("gen_ai.usage.cache_write.input_tokens"))).isNull();
    }
    assertThatThrownBy(() -> LlmEnrichment.builder().cacheWriteNames("old"))
        .hasMessageContaining("cacheWriteNames=old");
  }

  @Test
  void spanOfSomethingElseIsLeftAlone() {
    Attributes attributes =
        spans.attributes(
            "GET", span -> span.setAttribute("http.request.method", "GET").setAttribute("n", 1));

    assertThat(attributes.asMap())
        .isEqualTo(Map.of(stringKey("http.request.method"), "GET", longKey("n"), 1L));
  }

  @Test
  void spanWithoutAttributesIsLeftAlone() {
    assertThat(spans.attributes("work", span -> {})).isEqualTo(Attributes.empty());
  }

  @Test
  void unknownModelIsUnpricedNotFree() {
    Attributes attributes =
        spans.attributes("chat", span -> TestSpans.chat(span, "openai", "no-such-model"));

    assertThat(attributes.get(STATUS)).isEqualTo("unpriced");
    assertThat(attributes.get(TOTAL)).isNull();
    assertThat(attributes.get(GEN_AI_USAGE_COST)).isNull();
  }

  @Test
  void reportedCostIsTakenAndNotOverwritten() {
    Attributes attributes =
        spans.attributes(
            "chat",
            span -> {
              TestSpans.chat(span);
              span.setAttribute(GEN_AI_USAGE_COST, 0.0005);
            });

    assertThat(attributes.get(STATUS)).isEqualTo("provider_reported");
    assertThat(attributes.get(TOTAL)).isEqualTo(0.0005);
    assertThat(attributes.get(TOTAL_EXACT)).isEqualTo("0.0005");
    assertThat(attributes.get(GEN_AI_USAGE_COST)).isEqualTo(0.0005);
  }

  @Test
  void toolOnAnotherModelIsAddedToTheCall() {
    Attributes attributes =
        spans.attributes(
            "responses.create",
            span -> {
              span.setAttribute("openinference.span.kind", "LLM");
              span.setAttribute("llm.provider", "openai");
              span.setAttribute("llm.model_name", "gpt-5.5");
              span.setAttribute(
                  "output.value",
                  "{\"id\":\"r\",\"object\":\"response\",\"model\":\"gpt-5.5\","
                      + "\"usage\":{\"input_tokens\":1820,\"output_tokens\":210},"
                      + "\"tool_usage\":{\"image_gen\":{\"input_tokens\":60,"
                      + "\"output_tokens\":7024,"
                      + "\"output_tokens_details\":{\"image_tokens\":7024}}},"
                      + "\"tools\":[{\"type\":\"image_generation\","
                      + "\"model\":\"gpt-image-2\"}]}");
            });

    assertThat(attributes.get(STATUS)).isEqualTo("priced");
    assertThat(attributes.get(TOTAL_EXACT)).isEqualTo("0.22642");
  }

  @Test
  void costOfTheClientTellsHowLongItsCacheWritesLive() {
    Attributes attributes =
        spans.attributes("claude_code.llm_request", span -> claudeCode(span, 0.7546));

    assertThat(attributes.get(STATUS)).isEqualTo("priced");
    assertThat(attributes.get(TOTAL_EXACT)).isEqualTo("0.7546");
    assertThat(attributes.get(AttributeKey.longKey("tallyspan.usage.cache_write_1h.input_tokens")))
        .isEqualTo(37175);
  }

  @Test
  void cacheWritesOfAnUnknownLifetimeAreALowerBound() {
    Attributes attributes =
        spans.attributes("claude_code.llm_request", span -> claudeCode(span, 0.6));

    assertThat(attributes.get(STATUS)).isEqualTo("partial");
    assertThat(attributes.get(AttributeKey.stringArrayKey("tallyspan.cost.missing")))
        .containsExactly("cache_write: lifetime not known, priced as five minutes, the cheapest");
  }

  private static void claudeCode(Span span, double cost) {
    span.setAttribute("span.type", "llm_request");
    span.setAttribute("model", "claude-fable-5");
    span.setAttribute("input_tokens", 10L);
    span.setAttribute("output_tokens", 200L);
    span.setAttribute("cache_read_tokens", 1000L);
    span.setAttribute("cache_creation_tokens", 37175L);
    span.setAttribute("cost_usd", cost);
  }

  @Test
  void zeroThatMeansUnknownIsNotOverwritten() {
    Attributes attributes =
        spans.attributes(
            "chat",
            span -> {
              TestSpans.chat(span);
              span.setAttribute(GEN_AI_USAGE_COST, 0.0);
            });

    assertThat(attributes.get(TOTAL)).isEqualTo(0.00044535);
    assertThat(attributes.get(GEN_AI_USAGE_COST)).isZero();
  }

  @Test
  void agentThatSumsItsCallsIsNotBilled() {
    Attributes attributes =
        spans.attributes(
            "invoke_agent",
            span -> {
              TestSpans.chat(span);
              span.setAttribute("gen_ai.operation.name", "invoke_agent");
            });

    assertThat(attributes.get(STATUS)).isEqualTo("aggregate");
    assertThat(attributes.get(TOTAL)).isNull();
  }

  @Test
  void toolIsNotBilled() {
    Attributes attributes =
        spans.attributes(
            "execute_tool weather",
            span ->
                span.setAttribute("gen_ai.operation.name", "execute_tool")
                    .setAttribute("gen_ai.tool.name", "weather"));

    assertThat(attributes.get(STATUS)).isEqualTo("not_billable");
    assertThat(attributes.get(TOTAL)).isNull();
  }

  @Test
  void registeredTwiceWorksOnce() {
    try (TestSpans twice =
        new TestSpans(
            SdkTracerProvider.builder()
                .addSpanProcessor(tracing.spanProcessor())
                .addSpanProcessor(LlmEnrichment.create().spanProcessor()))) {
      assertThat(twice.attributes("chat", TestSpans::chat).asMap())
          .isEqualTo(spans.attributes("chat", TestSpans::chat).asMap());
    }
  }

  @Test
  void genAiUsageCostCanBeLeftOut() {
    try (TestSpans without = new TestSpans(LlmEnrichment.builder().genAiUsageCost(false).build())) {
      Attributes attributes = without.attributes("chat", TestSpans::chat);

      assertThat(attributes.get(GEN_AI_USAGE_COST)).isNull();
      assertThat(attributes.get(TOTAL)).isEqualTo(0.00044535);
    }
  }

  @Test
  void unknownTargetFailsFast() {
    assertThatThrownBy(() -> LlmEnrichment.builder().target("2019"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "target=2019 is not a generation of the GenAI conventions; known: ");
  }
}
