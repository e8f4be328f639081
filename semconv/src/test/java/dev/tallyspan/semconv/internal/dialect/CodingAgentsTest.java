package dev.tallyspan.semconv.internal.dialect;

import static dev.tallyspan.semconv.TestSpan.span;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.span.LlmSpan;
import org.junit.jupiter.api.Test;

class CodingAgentsTest {

  private static TestSpan turn() {
    return span("session_task.turn")
        .scope("codex_cli_rs")
        .with("model", "gpt-5-codex")
        .with("thread.id", "t-1")
        .with("codex.turn.reasoning_effort", "medium")
        .with("codex.turn.token_usage.input_tokens", 1200)
        .with("codex.turn.token_usage.cached_input_tokens", 1000)
        .with("codex.turn.token_usage.non_cached_input_tokens", 200)
        .with("codex.turn.token_usage.output_tokens", 80)
        .with("codex.turn.token_usage.reasoning_output_tokens", 30)
        .with("codex.turn.token_usage.total_tokens", 1280);
  }

  private static TestSpan response() {
    return span("handle_responses")
        .scope("codex_cli_rs")
        .with("gen_ai.usage.input_tokens", 1200)
        .with("gen_ai.usage.output_tokens", 80)
        .with("codex.usage.total_tokens", 1280);
  }

  @Test
  void turnOfCodexIsBilledForItsCalls() {
    LlmSpan llm = turn().read();
    assertThat(llm.billing()).isEqualTo(Billing.CALL);
    assertThat(llm.operation()).isEqualTo("chat");
    assertThat(llm.provider()).isEqualTo("openai");
    assertThat(llm.requestModel()).isEqualTo("gpt-5-codex");
    assertThat(llm.conversationId()).isEqualTo("t-1");
    assertThat(llm.usage().input()).isEqualTo(1200);
    assertThat(llm.usage().cacheRead()).isEqualTo(1000);
    assertThat(llm.usage().reasoning()).isEqualTo(30);
  }

  @Test
  void responseLeavesTheBillToTheTurn() {
    LlmSpan llm = response().read();
    assertThat(llm.operation()).isNull();
    assertThat(llm.usage().input()).isEqualTo(1200);
    assertThat(llm.billing()).isEqualTo(Billing.NOT_BILLABLE);
  }

  @Test
  void geminiCliCallsAreChats() {
    LlmSpan llm =
        span("llm_call")
            .scope("gemini-cli")
            .with("gen_ai.operation.name", "llm_call")
            .with("gen_ai.request.model", "gemini-2.5-pro")
            .with("gen_ai.input.messages", "[{\"role\":\"user\",\"parts\":[{\"text\":\"Hi\"}]}]")
            .read();
    assertThat(llm.operation()).isEqualTo("chat");
    assertThat(llm.provider()).isEqualTo("gcp.gen_ai");
    assertThat(llm.inputMessages()).containsExactly(Message.text("user", "Hi"));
  }

  @Test
  void stepsOfGeminiCliAreNoOperation() {
    LlmSpan llm =
        span("user_prompt")
            .scope("gemini-cli")
            .with("gen_ai.operation.name", "user_prompt")
            .with("gen_ai.request.model", "gemini-2.5-pro")
            .read();
    assertThat(llm.operation()).isNull();
    assertThat(llm.billing()).isEqualTo(Billing.NOT_BILLABLE);
  }

  @Test
  void contentThatGeminiCliCutIsReadAsFarAsItGoes() {
    LlmSpan llm =
        span("llm_call")
            .scope("gemini-cli")
            .with("gen_ai.operation.name", "llm_call")
            .with(
                "gen_ai.output.messages",
                "[{\"role\":\"model\",\"parts\":[{\"text\":\"Hello wor"
                    + "...[TRUNCATED: original length 12000]")
            .read();
    assertThat(llm.outputMessages()).hasSize(1);
    assertThat(llm.outputMessages().get(0).role()).isEqualTo("assistant");
  }
}
