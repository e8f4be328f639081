package dev.tallyspan.semconv.internal.dialect;

import static dev.tallyspan.semconv.TestSpan.chat;
import static dev.tallyspan.semconv.TestSpan.span;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.read.Normalizer;
import dev.tallyspan.semconv.span.LlmSpan;
import dev.tallyspan.semconv.span.Slot;
import dev.tallyspan.semconv.span.SlotReading;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OtelDialectTest {

  @Test
  void spanWithoutLlmKeysIsNoLlmSpan() {
    assertThat(span("GET /").with("http.request.method", "GET").with("session.id", "s").read())
        .isNull();
  }

  @Test
  void contextKeysAloneDoNotMakeAnLlmSpan() {
    assertThat(
            span("GET /")
                .with("gen_ai.conversation.id", "c1")
                .with("gen_ai.agent.name", "support")
                .read())
        .isNull();
  }

  @Test
  void agentSpanIsToldByItsNameWhereTheOperationIsMissing() {
    LlmSpan llm = span("invoke_agent support").with("gen_ai.agent.name", "support").read();
    assertThat(llm.operation()).isEqualTo("invoke_agent");
    assertThat(llm.billing()).isEqualTo(Billing.NOT_BILLABLE);
  }

  @Test
  void currentSpanGetsVerdictsOnly() {
    TestSpan span =
        chat()
            .with("gen_ai.response.model", "gpt-4o-2024-08-06")
            .with("gen_ai.response.finish_reasons", List.of("stop"))
            .with("gen_ai.usage.input_tokens", 12)
            .with("gen_ai.usage.output_tokens", 3);
    assertThat(span.changes())
        .containsOnly(
            entry("tallyspan.dialect", List.of("otel")),
            entry("tallyspan.usage.semantics", "none"),
            entry("tallyspan.usage.source", "reported"));
  }

  @Test
  void cacheTokensInTheInputArePresumedToBeInside() {
    TokenUsage usage =
        chat()
            .with("gen_ai.usage.input_tokens", 100)
            .with("gen_ai.usage.cache_read.input_tokens", 40)
            .with("gen_ai.usage.output_tokens", 3)
            .read()
            .usage();
    assertThat(usage.semantics()).isEqualTo(TokenUsage.Semantics.PRESUMED_INCLUSIVE);
    assertThat(usage.input()).isEqualTo(100);
    assertThat(usage.uncachedInput()).isEqualTo(60);
  }

  @Test
  void moreCacheTokensThanInputProveThemBeside() {
    Map<String, Object> out =
        chat()
            .with("gen_ai.provider.name", "anthropic")
            .with("gen_ai.usage.input_tokens", 10)
            .with("gen_ai.usage.cache_read.input_tokens", 2870)
            .with("gen_ai.usage.output_tokens", 3)
            .normalized();
    assertThat(out)
        .containsEntry("gen_ai.usage.input_tokens", 2880L)
        .containsEntry("tallyspan.usage.semantics", "proven_exclusive");
  }

  @Test
  void cacheCreationIsRenamedInTheNewestGenerationOnly() {
    TestSpan span =
        chat()
            .with("gen_ai.usage.input_tokens", 100)
            .with("gen_ai.usage.cache_creation.input_tokens", 40);
    assertThat(span.changes()).containsEntry("gen_ai.usage.cache_write.input_tokens", 40L);
    assertThat(span.changes(Normalizer.builder().target(ConventionVersion.CORE_1_41).build()))
        .doesNotContainKeys(
            "gen_ai.usage.cache_write.input_tokens", "gen_ai.usage.cache_creation.input_tokens");
  }

  @Test
  void cacheWriteIsWrittenUnderTheOlderNameForTheOlderGeneration() {
    assertThat(
            chat()
                .with("gen_ai.usage.input_tokens", 100)
                .with("gen_ai.usage.cache_write.input_tokens", 40)
                .changes(Normalizer.builder().target(ConventionVersion.CORE_1_41).build()))
        .containsEntry("gen_ai.usage.cache_creation.input_tokens", 40L);
  }

  @Test
  void numbersAsTextBecomeNumbers() {
    assertThat(
            chat()
                .with("gen_ai.usage.input_tokens", "1970")
                .with("gen_ai.usage.output_tokens", "12.0")
                .with("gen_ai.request.temperature", "0.7")
                .with("gen_ai.request.stream", "True")
                .changes())
        .contains(
            entry("gen_ai.usage.input_tokens", 1970L),
            entry("gen_ai.usage.output_tokens", 12L),
            entry("gen_ai.request.temperature", 0.7),
            entry("gen_ai.request.stream", true));
  }

  @Test
  void finishReasonsAsTextBecomeAList() {
    assertThat(chat().with("gen_ai.response.finish_reasons", "tool_calls").changes())
        .containsEntry("gen_ai.response.finish_reasons", List.of("tool_call"));
    assertThat(chat().with("gen_ai.response.finish_reasons", "[\"STOP\"]").changes())
        .containsEntry("gen_ai.response.finish_reasons", List.of("stop"));
    assertThat(chat().with("gen_ai.response.finish_reasons", "[\"STOP\",\"a\"b\"]").changes())
        .containsEntry("gen_ai.response.finish_reasons", List.of("stop", "a\"b"));
  }

  @Test
  void placeholdersAreNoValues() {
    LlmSpan llm =
        chat().with("gen_ai.response.model", "none").with("gen_ai.response.id", "").read();
    assertThat(llm.responseModel()).isNull();
    assertThat(llm.responseId()).isNull();
  }

  @Test
  void modelIsNeverRewritten() {
    assertThat(chat().with("gen_ai.request.model", " models/Gemini-Pro ").changes())
        .doesNotContainKey("gen_ai.request.model");
  }

  @Test
  void topKIsADoubleForTheOlderGeneration() {
    TestSpan span = chat().with("gen_ai.request.top_k", 40.0);
    assertThat(span.changes()).containsEntry("gen_ai.request.top_k", 40L);
    assertThat(span.changes(Normalizer.builder().target(ConventionVersion.CORE_1_41).build()))
        .doesNotContainKey("gen_ai.request.top_k");
  }

  @Test
  void zerosAreNoUsage() {
    LlmSpan llm =
        chat()
            .error()
            .with("gen_ai.usage.input_tokens", 0)
            .with("gen_ai.usage.output_tokens", 0)
            .read();
    assertThat(llm.usage()).isNull();
    assertThat(llm.billing()).isEqualTo(Billing.CALL);
  }

  @Test
  void failedCallNamesItsException() {
    Map<String, Object> out =
        chat().error().event("exception", "exception.type", "RateLimitException").normalized();
    assertThat(out).containsEntry("error.type", "RateLimitException");
  }

  @Test
  void toolCallOverMcpIsAToolExecution() {
    LlmSpan llm =
        span("tools/call get_weather")
            .with("mcp.method.name", "tools/call")
            .with("gen_ai.tool.name", "get_weather")
            .read();
    assertThat(llm.operation()).isEqualTo("execute_tool");
  }

  @Test
  void tagsAreReadBesideTheConventions() {
    LlmSpan llm = chat().with("tag.tags", List.of("beta", "eu")).read();
    assertThat(llm.get(Slot.TAGS)).containsExactly("beta", "eu");
    assertThat(llm.dialects()).containsExactly("otel");
  }

  @Test
  void otherMcpTrafficIsNotAboutAnLlm() {
    assertThat(span("tools/list").with("mcp.method.name", "tools/list").read()).isNull();
  }

  @Test
  void conditionsOfThePriceAreCollected() {
    LlmSpan llm =
        chat()
            .with("openai.response.service_tier", "flex")
            .with("openai.request.service_tier", "auto")
            .with("server.address", "eu.api.openai.com")
            .read();
    assertThat(llm.serviceTier()).isEqualTo("flex");
    assertThat(llm.priceConditions())
        .containsOnly(entry("service_tier", "flex"), entry("server_address", "eu.api.openai.com"));
  }

  @Test
  void readingsTellWhereEverythingCameFrom() {
    assertThat(chat().with("gen_ai.usage.input_tokens", "7").read().readings())
        .contains(
            new SlotReading("request_model", "gpt-4o", "gen_ai.request.model", "otel", "rename"),
            new SlotReading("input_tokens", "7", "gen_ai.usage.input_tokens", "otel", "rename"));
  }
}
