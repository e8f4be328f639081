package dev.tallyspan.semconv.internal.judge;

import static dev.tallyspan.semconv.TestSpan.chat;
import static dev.tallyspan.semconv.TestSpan.span;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.TokenUsage.Semantics;
import dev.tallyspan.semconv.read.Normalizer;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One call, as each emitter writes it: 100 input tokens, 40 read from the cache, 5 of output, and
 * nothing beyond that which would prove whether the 40 lie inside the 100.
 */
class EmitterCountsTest {

  private static final String CLAUDE = "claude-sonnet-4-5";

  static Stream<Arguments> emitters() {
    return Stream.of(
        Arguments.of("current conventions, OpenAI", conventions("openai"), 100),
        Arguments.of("current conventions, Anthropic", conventions("anthropic"), 100),
        Arguments.of("current conventions, Bedrock", conventions("aws.bedrock"), 100),
        Arguments.of("OpenInference, OpenAI", openInference("openai"), 100),
        Arguments.of("OpenInference, Anthropic", openInference("anthropic"), 100),
        Arguments.of("OpenLLMetry for Python, Anthropic", openLlmetry(""), 100),
        Arguments.of(
            "OpenLLMetry for JavaScript, Anthropic",
            openLlmetry("@traceloop/instrumentation-anthropic"),
            140),
        Arguments.of("AI SDK 5, OpenAI", aiSdk("openai.chat"), 100),
        Arguments.of("AI SDK 5, Anthropic", aiSdk("anthropic.messages"), 140),
        Arguments.of("AI SDK 5, Bedrock", aiSdk("amazon-bedrock"), 140),
        Arguments.of(
            "AI SDK 6, Anthropic",
            aiSdk("anthropic.messages")
                .with("ai.usage.inputTokenDetails.noCacheTokens", 60)
                .with("ai.usage.inputTokenDetails.cacheReadTokens", 40),
            100),
        Arguments.of(
            "Langfuse, its own buckets",
            langfuse("{\"input\":60,\"input_cached_tokens\":40,\"output\":5}"),
            100),
        Arguments.of(
            "Langfuse, OpenAI's shape",
            langfuse(
                "{\"prompt_tokens\":100,\"completion_tokens\":5,\"total_tokens\":105,"
                    + "\"prompt_tokens_details\":{\"cached_tokens\":40}}"),
            100),
        Arguments.of(
            "LangSmith, Anthropic",
            span("x")
                .with("langsmith.span.kind", "llm")
                .with("langsmith.metadata.ls_provider", "anthropic")
                .with(
                    "langsmith.usage_metadata",
                    "{\"input_tokens\":100,\"output_tokens\":5,\"total_tokens\":105,"
                        + "\"input_token_details\":{\"cache_read\":40}}"),
            100),
        Arguments.of(
            "Braintrust, Anthropic",
            span("x")
                .with("braintrust.span_attributes", "{\"type\":\"llm\"}")
                .with("braintrust.metadata", "{\"model\":\"claude\",\"provider\":\"anthropic\"}")
                .with(
                    "braintrust.metrics",
                    "{\"prompt_tokens\":100,\"completion_tokens\":5,"
                        + "\"prompt_cached_tokens\":40}"),
            100),
        Arguments.of(
            "Mastra, Anthropic",
            conventions("anthropic").with("mastra.span.type", "model_inference"),
            100),
        Arguments.of(
            "LiteLLM, Anthropic",
            conventions("anthropic").scope("litellm").with("llm.request.type", "completion"),
            100),
        Arguments.of("Pydantic AI, Anthropic", conventions("anthropic").scope("pydantic-ai"), 100),
        Arguments.of(
            "Logfire, Anthropic",
            conventions("anthropic")
                .with("logfire.msg", "x")
                .with("request_data", "{\"model\":\"claude\"}"),
            100),
        Arguments.of("OpenLIT, OpenAI", openLit("openai"), 100),
        Arguments.of("OpenLIT, Anthropic", openLit("anthropic"), 140),
        Arguments.of("OpenLIT, Bedrock", openLit("aws.bedrock"), 140),
        Arguments.of("Spring AI, OpenAI", springAi("openai"), 100),
        Arguments.of("Spring AI, Anthropic", springAi("anthropic"), 140),
        Arguments.of("Spring AI, Bedrock", springAi("bedrock_converse"), 140),
        Arguments.of(
            "LangChain4j, Anthropic",
            span("x")
                .with("gen_ai.provider.name", "ANTHROPIC")
                .with("gen_ai.operation.name", "chat")
                .with("outcome", "SUCCESS")
                .with("input_tokens", "100")
                .with("output_tokens", "5")
                .with("gen_ai.usage.cache_read.input_tokens", "40"),
            140),
        Arguments.of(
            "Google ADK, Gemini", conventions("gcp.gemini").scope("gcp.vertex.agent"), 100),
        Arguments.of(
            "Strands, Bedrock",
            span("chat")
                .scope("strands.telemetry.tracer")
                .with("gen_ai.operation.name", "chat")
                .with("gen_ai.request.model", "us.anthropic.claude-sonnet-4-5-v1:0")
                .with("gen_ai.usage.input_tokens", 100)
                .with("gen_ai.usage.output_tokens", 5)
                .with("gen_ai.usage.total_tokens", 145)
                .with("gen_ai.usage.cache_read_input_tokens", 40),
            140),
        Arguments.of(
            "Envoy AI Gateway, Anthropic",
            conventions("anthropic").scope("envoyproxy/ai-gateway"),
            140),
        Arguments.of(
            "Claude Code",
            span("claude_code.llm_request")
                .with("span.type", "llm_request")
                .with("model", CLAUDE)
                .with("input_tokens", 100)
                .with("output_tokens", 5)
                .with("cache_read_tokens", 40),
            140),
        Arguments.of(
            "Codex",
            span("session_task.turn")
                .with("model", "gpt-5")
                .with("codex.turn.token_usage.input_tokens", 100)
                .with("codex.turn.token_usage.cached_input_tokens", 40)
                .with("codex.turn.token_usage.output_tokens", 5),
            100),
        Arguments.of(
            "OpenRouter, Anthropic",
            span("LLM Generation")
                .scope("openrouter")
                .with("gen_ai.operation.name", "chat")
                .with("gen_ai.provider.name", "anthropic")
                .with("gen_ai.usage.input_tokens", 100)
                .with("gen_ai.usage.input_tokens.cached", 40)
                .with("gen_ai.usage.output_tokens", 5),
            100),
        Arguments.of(
            "vLLM",
            span("llm_request")
                .scope("vllm.llm_engine")
                .with("gen_ai.response.model", "llama")
                .with("gen_ai.usage.prompt_tokens", 100)
                .with("gen_ai.usage.cache_read_tokens", 40)
                .with("gen_ai.usage.completion_tokens", 5),
            100));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("emitters")
  void inputHoldsTheCacheTokensWhoeverWroteIt(String name, TestSpan span, long input) {
    TokenUsage usage = span.read().usage();
    assertThat(usage.input()).isEqualTo(input);
    assertThat(usage.output()).isEqualTo(5);
    assertThat(usage.cacheRead()).isEqualTo(40);
    assertThat(usage.semantics()).isNotEqualTo(Semantics.NONE);
  }

  // Spring AI writes total = input + output whatever it left out: that proves nothing.
  @Test
  void totalThatLeavesTheCacheOutAsWellProvesNothing() {
    TokenUsage usage =
        springAi("anthropic").with("gen_ai.usage.total_tokens", "105").read().usage();
    assertThat(usage.semantics()).isEqualTo(Semantics.PRESUMED_EXCLUSIVE);
    assertThat(usage.input()).isEqualTo(140);
  }

  @Test
  void inputOfZeroBesideCacheTokensIsProvenExclusive() {
    TokenUsage usage = conventions("anthropic").with("gen_ai.usage.input_tokens", 0).read().usage();
    assertThat(usage.semantics()).isEqualTo(Semantics.PROVEN_EXCLUSIVE);
    assertThat(usage.input()).isEqualTo(40);
  }

  @ParameterizedTest
  @CsvSource({"12, 12", "12, 15"})
  void newerNameOfTheCacheWriteCounts(long newer, long older) {
    Map<String, Object> out =
        chat()
            .with("gen_ai.usage.input_tokens", 100)
            .with("gen_ai.usage.cache_creation.input_tokens", older)
            .with("gen_ai.usage.cache_write.input_tokens", newer)
            .normalized();
    assertThat(out)
        .containsEntry("gen_ai.usage.cache_write.input_tokens", newer)
        .containsEntry("gen_ai.usage.cache_creation.input_tokens", older);
  }

  @Test
  void olderGenerationKeepsTheNewerCountUnderItsOwnName() {
    Normalizer core = Normalizer.builder().target(ConventionVersion.CORE_1_41).build();
    assertThat(
            chat()
                .with("gen_ai.usage.input_tokens", 100)
                .with("gen_ai.usage.cache_write.input_tokens", 12)
                .changes(core))
        .containsEntry("gen_ai.usage.cache_creation.input_tokens", 12L)
        .doesNotContainKey("gen_ai.usage.cache_write.input_tokens");
  }

  private static TestSpan conventions(String provider) {
    return span("chat m")
        .with("gen_ai.operation.name", "chat")
        .with("gen_ai.provider.name", provider)
        .with("gen_ai.usage.input_tokens", 100)
        .with("gen_ai.usage.output_tokens", 5)
        .with("gen_ai.usage.cache_read.input_tokens", 40);
  }

  private static TestSpan openInference(String provider) {
    return span("x")
        .with("openinference.span.kind", "LLM")
        .with("llm.provider", provider)
        .with("llm.token_count.prompt", 100)
        .with("llm.token_count.completion", 5)
        .with("llm.token_count.prompt_details.cache_read", 40);
  }

  private static TestSpan openLlmetry(String scope) {
    return span("anthropic.chat")
        .scope(scope)
        .with("llm.request.type", "chat")
        .with("gen_ai.system", "Anthropic")
        .with("gen_ai.usage.prompt_tokens", 100)
        .with("gen_ai.usage.completion_tokens", 5)
        .with("gen_ai.usage.cache_read_input_tokens", 40);
  }

  private static TestSpan aiSdk(String provider) {
    return span("ai.generateText.doGenerate")
        .scope("ai")
        .with("ai.operationId", "ai.generateText.doGenerate")
        .with("ai.model.provider", provider)
        .with("ai.model.id", provider.startsWith("openai") ? "gpt-4o" : CLAUDE)
        .with("ai.usage.inputTokens", 100)
        .with("ai.usage.outputTokens", 5)
        .with("ai.usage.cachedInputTokens", 40);
  }

  private static TestSpan langfuse(String usage) {
    return span("x")
        .with("langfuse.observation.type", "generation")
        .with("langfuse.observation.usage_details", usage);
  }

  private static TestSpan openLit(String provider) {
    return conventions(provider)
        .scope("openlit.instrumentation.x")
        .with("gen_ai.client.token.usage", 105);
  }

  private static TestSpan springAi(String system) {
    return span("chat m")
        .scope("org.springframework.boot")
        .with("gen_ai.operation.name", "chat")
        .with("gen_ai.system", system)
        .with("gen_ai.usage.input_tokens", "100")
        .with("gen_ai.usage.output_tokens", "5")
        .with("gen_ai.usage.cache_read.input_tokens", "40");
  }
}
