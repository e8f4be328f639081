package dev.tallyspan.semconv.internal.dialect;

import static dev.tallyspan.semconv.TestSpan.span;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.read.Normalizer;
import dev.tallyspan.semconv.span.LlmSpan;
import dev.tallyspan.semconv.span.ReportedCost;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OtelLegacyDialectTest {

  private static TestSpan legacyChat() {
    return span("chat gpt-4o")
        .client()
        .with("gen_ai.operation.name", "chat")
        .with("gen_ai.system", "openai")
        .with("gen_ai.request.model", "gpt-4o");
  }

  @Test
  void systemBecomesProviderAndStays() {
    Map<String, Object> out = legacyChat().normalized();
    assertThat(out)
        .contains(
            entry("gen_ai.provider.name", "openai"),
            entry("gen_ai.system", "openai"),
            entry("tallyspan.dialect", List.of("otel-legacy")));
  }

  @Test
  void explicitProviderWinsOverSystem() {
    LlmSpan llm =
        legacyChat().with("gen_ai.provider.name", "groq").with("gen_ai.system", "openai").read();
    assertThat(llm.provider()).isEqualTo("groq");
    assertThat(llm.dialects()).containsExactly("otel", "otel-legacy");
  }

  @ParameterizedTest
  @CsvSource({
    "az.ai.openai, azure.ai.openai",
    "vertex_ai, gcp.vertex_ai",
    "gemini, gcp.gemini",
    "xai, x_ai",
    "bedrock_converse, aws.bedrock",
    "Anthropic, anthropic",
    "openai.chat, openai",
    "amazon-bedrock, aws.bedrock",
    "google.generative-ai, gcp.gemini",
    "ollama, ollama"
  })
  void providersAreCalledByTheirWellKnownNames(String written, String expected) {
    assertThat(legacyChat().with("gen_ai.system", written).read().provider()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Langchain", "gcp.vertex.agent", "crewai", "unknown", ""})
  void frameworksAreNoProviders(String written) {
    assertThat(
            legacyChat()
                .with("gen_ai.system", written)
                .with("gen_ai.request.model", "house-model")
                .read()
                .provider())
        .isNull();
  }

  @Test
  void hostTellsTheProviderWhereNothingElseDoes() {
    LlmSpan llm =
        legacyChat()
            .with("gen_ai.system", "langchain")
            .with("server.address", "api.anthropic.com")
            .read();
    assertThat(llm.provider()).isEqualTo("anthropic");
  }

  @Test
  void promptAndCompletionTokensBecomeInputAndOutputTokens() {
    assertThat(
            legacyChat()
                .with("gen_ai.usage.prompt_tokens", 12)
                .with("gen_ai.usage.completion_tokens", 3)
                .changes())
        .contains(entry("gen_ai.usage.input_tokens", 12L), entry("gen_ai.usage.output_tokens", 3L));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gen_ai.usage.cache_read_input_tokens",
        "gen_ai.usage.input_tokens.cached",
        "gen_ai.usage.cached_input_tokens",
        "gen_ai.usage.details.cache_read_tokens",
        "gen_ai.usage.prompt_tokens_details.cached_tokens"
      })
  void everySpellingOfCacheReadsIsRead(String key) {
    TokenUsage usage =
        legacyChat().with("gen_ai.usage.input_tokens", 100).with(key, "40").read().usage();
    assertThat(usage.cacheRead()).isEqualTo(40);
    assertThat(usage.semantics()).isEqualTo(TokenUsage.Semantics.PRESUMED_INCLUSIVE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gen_ai.usage.cache_creation.input_tokens",
        "gen_ai.usage.cache_creation_input_tokens",
        "gen_ai.usage.cache_write_input_tokens",
        "gen_ai.usage.input_tokens.cache_write",
        "gen_ai.usage.cache_write_tokens"
      })
  void everySpellingOfCacheWritesIsRead(String key) {
    assertThat(legacyChat().with("gen_ai.usage.input_tokens", 100).with(key, 40).changes())
        .containsEntry("gen_ai.usage.cache_write.input_tokens", 40L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gen_ai.usage.reasoning_tokens",
        "gen_ai.usage.output_tokens.reasoning",
        "gen_ai.usage.details.reasoning_tokens"
      })
  void everySpellingOfReasoningIsRead(String key) {
    assertThat(legacyChat().with("gen_ai.usage.output_tokens", 100).with(key, 40).changes())
        .containsEntry("gen_ai.usage.reasoning.output_tokens", 40L);
  }

  @Test
  void olderKeyWithTheCacheTokensProvesTheNewerKeyWithout() {
    TokenUsage usage =
        legacyChat()
            .with("gen_ai.usage.input_tokens", 100)
            .with("gen_ai.usage.prompt_tokens", 140)
            .with("gen_ai.usage.cache_read.input_tokens", 40)
            .read()
            .usage();
    assertThat(usage.input()).isEqualTo(140);
    assertThat(usage.semantics()).isEqualTo(TokenUsage.Semantics.PROVEN_EXCLUSIVE);
  }

  @Test
  void thoughtsBesideTheOutputAreAdded() {
    TokenUsage usage =
        legacyChat()
            .with("gen_ai.usage.input_tokens", 10)
            .with("gen_ai.usage.output_tokens", 5)
            .with("gen_ai.usage.reasoning_tokens", 90)
            .read()
            .usage();
    assertThat(usage.output()).isEqualTo(95);
  }

  @Test
  void openAiKeysMoveToTheirNamespace() {
    assertThat(
            legacyChat()
                .with("gen_ai.openai.response.service_tier", "scale")
                .with("gen_ai.openai.request.response_format", "json_schema")
                .with("gen_ai.openai.request.seed", -7)
                .changes())
        .contains(
            entry("openai.response.service_tier", "scale"),
            entry("gen_ai.output.type", "json"),
            entry("gen_ai.request.seed", -7L));
  }

  @Test
  void bedrockInvokeModelWithoutOperationIsAChat() {
    LlmSpan llm =
        span("BedrockRuntime.InvokeModel")
            .client()
            .with("rpc.method", "InvokeModel")
            .with("gen_ai.system", "aws.bedrock")
            .with("gen_ai.request.model", "anthropic.claude-sonnet-4-5-20250929-v1:0")
            .with("cloud.region", "us-east-1")
            .with("gen_ai.usage.input_tokens", 17)
            .with("gen_ai.usage.output_tokens", 10)
            .read();
    assertThat(llm.operation()).isEqualTo("chat");
    assertThat(llm.billing()).isEqualTo(Billing.CALL);
    assertThat(llm.priceConditions()).containsEntry("cloud_region", "us-east-1");
  }

  @Test
  void embeddingModelWithoutOperationIsEmbeddings() {
    LlmSpan llm =
        span("BedrockRuntime.InvokeModel")
            .with("gen_ai.system", "aws.bedrock")
            .with("gen_ai.request.model", "amazon.titan-embed-text-v2:0")
            .with("gen_ai.usage.input_tokens", 17)
            .read();
    assertThat(llm.operation()).isEqualTo("embeddings");
  }

  @Test
  void originalsGoIfTheyAreNotKept() {
    Map<String, Object> out =
        legacyChat()
            .with("gen_ai.usage.prompt_tokens", 12)
            .with("gen_ai.usage.input_tokens", 13)
            .with("session.id", "s1")
            .normalized(Normalizer.builder().keepOriginals(false).build());
    assertThat(out)
        .doesNotContainKey("gen_ai.system")
        .containsEntry("session.id", "s1")
        .containsEntry("gen_ai.usage.input_tokens", 13L)
        // says something else than what was written, so it stays
        .containsEntry("gen_ai.usage.prompt_tokens", 12L);
  }

  @Test
  void reportedCostIsRead() {
    assertThat(legacyChat().with("gen_ai.usage.cost", 0.0021).read().reportedCost().amount())
        .isEqualByComparingTo("0.0021");
    assertThat(legacyChat().with("gen_ai.client.estimated_cost", "0.0021EUR").read().reportedCost())
        .isEqualTo(
            new ReportedCost(
                new java.math.BigDecimal("0.0021"), "EUR", "gen_ai.client.estimated_cost"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "NaN", "cheap", ""})
  void costThatIsNoneIsNotReported(String written) {
    assertThat(legacyChat().with("gen_ai.usage.cost", written).read().reportedCost()).isNull();
  }

  @Test
  void vendorIsNotWhoServesAModelOfBedrock() {
    TestSpan call = legacyChat().with("gen_ai.request.model", "us.anthropic.claude-sonnet-4-5");
    assertThat(call.with("gen_ai.system", "anthropic").read().provider()).isEqualTo("aws.bedrock");
    assertThat(call.with("gen_ai.system", "openrouter").read().provider()).isEqualTo("openrouter");
  }
}
