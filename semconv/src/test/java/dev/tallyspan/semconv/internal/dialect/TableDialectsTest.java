package dev.tallyspan.semconv.internal.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.span.LlmSpan;
import dev.tallyspan.semconv.span.Slot;
import org.junit.jupiter.api.Test;

class TableDialectsTest {

  @Test
  void openRouterWithCountsAsDottedSuffixesAndTexts() {
    LlmSpan llm =
        TestSpan.span("LLM Generation")
            .scope("openrouter")
            .with("gen_ai.operation.name", "chat")
            .with("gen_ai.request.model", "anthropic/claude-sonnet-4.5")
            .with("gen_ai.usage.input_tokens", "900")
            .with("gen_ai.usage.input_tokens.cached", "800")
            .with("gen_ai.usage.output_tokens", "5")
            .with("gen_ai.usage.total_cost", "0.0123")
            .with("trace.metadata.openrouter.user_id", "u1")
            .with("span.input", "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}")
            .read();
    assertThat(llm.dialects()).contains("openrouter");
    assertThat(llm.requestModel()).isEqualTo("anthropic/claude-sonnet-4.5");
    assertThat(llm.usage().input()).isEqualTo(900);
    assertThat(llm.usage().cacheRead()).isEqualTo(800);
    assertThat(llm.reportedCost().amount()).isEqualByComparingTo("0.0123");
    assertThat(llm.inputMessages()).containsExactly(Message.text("user", "hi"));
    assertThat(llm.get(Slot.USER_ID)).isEqualTo("u1");
  }

  @Test
  void openRoutersAttemptIsNotBilled() {
    LlmSpan llm =
        TestSpan.span("provider attempt 1: Anthropic")
            .scope("openrouter")
            .with("gen_ai.request.model", "x")
            .read();
    assertThat(llm.billing()).isEqualTo(Billing.NOT_BILLABLE);
  }

  @Test
  void cloudflaresPayloads() {
    LlmSpan llm =
        TestSpan.span("gateway")
            .with("gen_ai.model.provider", "openai")
            .with("gen_ai.request.model", "gpt-4o")
            .with("gen_ai.prompt_json", "[{\"role\":\"user\",\"content\":\"hi\"}]")
            .with(
                "gen_ai.completion_json",
                "{\"id\":\"c\",\"object\":\"chat.completion\",\"choices\":[{\"message\":"
                    + "{\"role\":\"assistant\",\"content\":\"Hello.\"}}]}")
            .read();
    assertThat(llm.provider()).isEqualTo("openai");
    assertThat(llm.inputMessages()).containsExactly(Message.text("user", "hi"));
    assertThat(llm.outputMessages()).containsExactly(Message.text("assistant", "Hello."));
    assertThat(llm.responseId()).isEqualTo("c");
  }

  @Test
  void envoyCopiesAnthropicsCounts() {
    TokenUsage usage =
        TestSpan.chat()
            .scope("envoyproxy/ai-gateway")
            .with("gen_ai.provider.name", "anthropic")
            .with("gen_ai.request.model", "claude-sonnet-4-5")
            .with("gen_ai.usage.input_tokens", 900)
            .with("gen_ai.usage.output_tokens", 9)
            .with("gen_ai.usage.cache_read.input_tokens", 800)
            .read()
            .usage();
    assertThat(usage.input()).isEqualTo(1700);
  }

  @Test
  void kongsToolOnAnInferenceSpanStaysInference() {
    LlmSpan llm =
        TestSpan.span("kong.gen_ai")
            .with(TestSpan.chat().normalized())
            .without("tallyspan.dialect")
            .with("gen_ai.tool.name", "get_weather")
            .read();
    assertThat(llm.operation()).isEqualTo("chat");
    assertThat(llm.toolName()).isNull();
  }

  @Test
  void vllmsLatencyAndOldCounts() {
    assertThat(
            TestSpan.span("llm_request")
                .scope("vllm.llm_engine")
                .with("gen_ai.response.model", "llama-3")
                .with("gen_ai.usage.prompt_tokens", 10)
                .with("gen_ai.usage.completion_tokens", 5)
                .with("gen_ai.usage.num_sequences", 2)
                .with("gen_ai.latency.time_to_first_token", 0.25)
                .changes())
        .contains(
            entry("gen_ai.provider.name", "vllm"),
            entry("gen_ai.usage.input_tokens", 10L),
            entry("gen_ai.request.choice.count", 2L),
            entry("gen_ai.response.time_to_first_chunk", 0.25));
  }

  @Test
  void agentFrameworksAgentIsASum() {
    LlmSpan llm =
        TestSpan.span("invoke_agent a")
            .scope("agent_framework")
            .with("gen_ai.operation.name", "invoke_agent")
            .with("gen_ai.provider.name", "microsoft.agent_framework")
            .with("gen_ai.usage.input_tokens", 10)
            .with("gen_ai.usage.output_tokens", 5)
            .read();
    assertThat(llm.provider()).isNull();
    assertThat(llm.billing()).isEqualTo(Billing.AGGREGATE);
    assertThat(llm.dialects()).contains("agent-framework");
  }

  @Test
  void difysTimesAreNanosecondsAndItsMessagesHaveText() {
    LlmSpan llm =
        TestSpan.span("llm")
            .with("gen_ai.framework", "dify")
            .with("gen_ai.span.kind", "LLM")
            .with("gen_ai.request.model", "gpt-4o")
            .with("gen_ai.user.time_to_first_token", 250_000_000L)
            .with("gen_ai.prompt", "[{\"role\":\"user\",\"text\":\"hi\",\"files\":[]}]")
            .with("gen_ai.completion", "Hello.")
            .read();
    assertThat(llm.get(Slot.TIME_TO_FIRST_CHUNK)).isEqualTo(0.25);
    assertThat(llm.inputMessages()).containsExactly(Message.text("user", "hi"));
    assertThat(llm.outputMessages()).containsExactly(Message.text("assistant", "Hello."));
    assertThat(llm.dialects()).contains("dify").doesNotContain("loongsuite");
  }

  @Test
  void loongSuitesKindOfSpan() {
    assertThat(TestSpan.span("x").with("gen_ai.span.kind", "TOOL").read().operation())
        .isEqualTo("execute_tool");
    assertThat(TestSpan.span("x").with("gen_ai.span_kind_name", "CHAIN").read().operation())
        .isNull();
  }
}
