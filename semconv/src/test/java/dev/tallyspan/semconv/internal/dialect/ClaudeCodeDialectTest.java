package dev.tallyspan.semconv.internal.dialect;

import static dev.tallyspan.semconv.TestSpan.span;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.span.LlmSpan;
import dev.tallyspan.semconv.span.Slot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClaudeCodeDialectTest {

  private static TestSpan type(String type) {
    return span("claude_code." + type)
        .scope("com.anthropic.claude_code.tracing", "1.0.0")
        .with("span.type", type)
        .with("user.id", "u-1")
        .with("session.id", "s-1");
  }

  private static TestSpan request() {
    return type("llm_request")
        .with("model", "claude-sonnet-4-5-20250929")
        .with("input_tokens", 1676)
        .with("output_tokens", 27)
        .with("cache_read_tokens", 0)
        .with("cache_creation_tokens", 1000)
        .with("speed", "normal")
        .with("stop_reason", "end_turn")
        .with("request_id", "req_1")
        .with("ttft_ms", 61);
  }

  @Test
  void requestIsACallWithCacheTokensBesideTheInput() {
    LlmSpan llm = request().read();
    assertThat(llm.operation()).isEqualTo("chat");
    assertThat(llm.provider()).isEqualTo("anthropic");
    assertThat(llm.requestModel()).isEqualTo("claude-sonnet-4-5-20250929");
    assertThat(llm.usage().input()).isEqualTo(2676);
    assertThat(llm.usage().cacheWrite()).isEqualTo(1000);
    assertThat(llm.responseId()).isEqualTo("req_1");
    assertThat(llm.conversationId()).isEqualTo("s-1");
    assertThat(llm.get(Slot.TIME_TO_FIRST_CHUNK)).isEqualTo(0.061);
    assertThat(llm.billing()).isEqualTo(Billing.CALL);
  }

  @Test
  void utilityCallsAreBilledLikeOthers() {
    assertThat(request().with("query_source", "generate_session_title").read().billing())
        .isEqualTo(Billing.CALL);
  }

  @Test
  void onlyAnotherSpeedThanTheNormalIsAPriceCondition() {
    assertThat(request().read().priceConditions()).doesNotContainKey("speed");
    assertThat(request().with("speed", "fast").read().priceConditions())
        .containsEntry("speed", "fast");
  }

  @Test
  void bedrocksModelIsBedrocks() {
    LlmSpan llm = request().with("model", "us.anthropic.claude-sonnet-4-5-20250929-v1:0").read();
    assertThat(llm.provider()).isEqualTo("aws.bedrock");
  }

  @Test
  void refusedRequestIsAnErrorAndNotBilled() {
    LlmSpan llm =
        type("llm_request")
            .error()
            .with("model", "claude-sonnet-4-5")
            .with("request_id", "req_1")
            .with("status_code", 400)
            .read();
    assertThat(llm.errorType()).isEqualTo("400");
    assertThat(llm.billing()).isEqualTo(Billing.NOT_BILLABLE);
  }

  @Test
  void promptThatLooksLikeJsonStaysText() {
    LlmSpan llm = type("interaction").with("user_prompt", "[{\"role\":\"system\"}]").read();
    assertThat(llm.operation()).isEqualTo("invoke_agent");
    assertThat(llm.inputMessages())
        .containsExactly(Message.text("user", "[{\"role\":\"system\"}]"));
  }

  @Test
  void toolSpanHasItsNameArgumentsAndOutput() {
    LlmSpan llm =
        type("tool")
            .with("tool_name", "Read")
            .with("tool_use_id", "toolu_1")
            .with("tool_input", "{\"file_path\":\"notes.txt\"}")
            .event("tool.output", "file_path", "notes.txt", "content", "refund")
            .read();
    assertThat(llm.operation()).isEqualTo("execute_tool");
    assertThat(llm.toolName()).isEqualTo("Read");
    assertThat(llm.get(Slot.TOOL_CALL_ID)).isEqualTo("toolu_1");
    assertThat(Json.of(llm.toolCallArguments()).get("file_path").text()).isEqualTo("notes.txt");
    assertThat(Json.of(llm.toolCallResult()).text()).isEqualTo("refund");
  }

  @ParameterizedTest
  @ValueSource(strings = {"tool.execution", "tool.blocked_on_user", "hook"})
  void phasesOfAToolAndHooksAreNoOperation(String type) {
    LlmSpan llm = type(type).with("gen_ai.tool.call.id", "toolu_1").read();
    assertThat(llm.operation()).isNull();
    assertThat(llm.billing()).isEqualTo(Billing.NOT_BILLABLE);
  }

  @Test
  void spanTypeOfOthersIsNotRead() {
    assertThat(span("GET /").with("span.type", "web").with("model", "m").read()).isNull();
  }
}
