package dev.tallyspan.semconv.internal.dialect;

import static dev.tallyspan.semconv.TestSpan.span;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.span.LlmSpan;
import dev.tallyspan.semconv.span.Slot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrandsDialectTest {

  private static TestSpan chat() {
    return span("chat")
        .scope("strands.telemetry.tracer")
        .with("gen_ai.system", "strands-agents")
        .with("gen_ai.operation.name", "chat")
        .with("gen_ai.request.model", "us.anthropic.claude-sonnet-4-5-20250929-v1:0")
        .with("gen_ai.usage.prompt_tokens", 10)
        .with("gen_ai.usage.input_tokens", 10)
        .with("gen_ai.usage.completion_tokens", 5)
        .with("gen_ai.usage.output_tokens", 5)
        .with("gen_ai.usage.total_tokens", 15);
  }

  @ParameterizedTest
  @CsvSource({
    "us.anthropic.claude-sonnet-4-5-20250929-v1:0, aws.bedrock",
    "amazon.nova-pro-v1:0, aws.bedrock",
    "arn:aws:bedrock:eu-west-1:1:inference-profile/x, aws.bedrock",
    "gpt-4o, openai",
    "claude-sonnet-4-5-20250929, anthropic",
    "llama3.1,"
  })
  void frameworkIsNoProviderButTheModelTells(String model, String expected) {
    assertThat(chat().with("gen_ai.request.model", model).read().provider()).isEqualTo(expected);
  }

  @Test
  void usageWrittenTwiceCountsOnce() {
    LlmSpan llm = chat().read();
    assertThat(llm.usage().input()).isEqualTo(10);
    assertThat(llm.usage().output()).isEqualTo(5);
    assertThat(llm.billing()).isEqualTo(Billing.CALL);
  }

  @Test
  void cacheBesideTheInputIsProvenByTheTotal() {
    LlmSpan llm =
        chat()
            .with("gen_ai.usage.cache_read_input_tokens", 4)
            .with("gen_ai.usage.cache_write_input_tokens", 2)
            .with("gen_ai.usage.total_tokens", 21)
            .read();
    assertThat(llm.usage().input()).isEqualTo(16);
    assertThat(llm.usage().semantics()).isEqualTo(TokenUsage.Semantics.PROVEN_EXCLUSIVE);
  }

  @Test
  void sumOnTheAgentIsNotACall() {
    LlmSpan llm =
        chat().with("gen_ai.operation.name", "invoke_agent").with("session.id", "s-1").read();
    assertThat(llm.billing()).isEqualTo(Billing.AGGREGATE);
    assertThat(llm.conversationId()).isEqualTo("s-1");
  }

  @Test
  void timeToFirstTokenIsInMilliseconds() {
    LlmSpan llm = chat().with("gen_ai.server.time_to_first_token", 250).read();
    assertThat(llm.get(Slot.TIME_TO_FIRST_CHUNK)).isEqualTo(0.25);
  }

  @Test
  void eventsOfAToolSpanAreArgumentsAndResult() {
    LlmSpan llm =
        span("execute_tool get_weather")
            .with("gen_ai.system", "strands-agents")
            .with("gen_ai.operation.name", "execute_tool")
            .with("gen_ai.tool.name", "get_weather")
            .event(
                "gen_ai.tool.message",
                "role",
                "tool",
                "content",
                "{\"city\":\"Paris\"}",
                "id",
                "t1")
            .event("gen_ai.choice", "message", "[{\"text\":\"sunny\"}]", "id", "t1")
            .read();
    assertThat(Json.of(llm.toolCallArguments()).get("city").text()).isEqualTo("Paris");
    assertThat(Json.of(llm.toolCallResult()).asText()).contains("sunny");
    assertThat(llm.get(Slot.TOOL_CALL_ID)).isEqualTo("t1");
    assertThat(llm.inputMessages()).isEmpty();
    assertThat(llm.outputMessages()).isEmpty();
  }

  @Test
  void resultOfAToolIsPartOfTheNextQuestion() {
    LlmSpan llm =
        chat()
            .event("gen_ai.user.message", "content", "[{\"text\":\"How is it?\"}]")
            .event(
                "gen_ai.tool.message",
                "content",
                "[{\"toolResult\":{\"toolUseId\":\"call_1\",\"status\":\"success\","
                    + "\"content\":[{\"text\":\"sunny\"}]}}]")
            .read();
    Message result = llm.inputMessages().get(1);
    assertThat(result.role()).isEqualTo("tool");
    MessagePart.ToolCallResponse part = (MessagePart.ToolCallResponse) result.parts().get(0);
    assertThat(part.id()).isEqualTo("call_1");
    assertThat(Json.of(part.response()).asText()).isEqualTo("sunny");
  }

  @ParameterizedTest
  @CsvSource({"Model invoke, chat", "Tool: get_weather, execute_tool", "Cycle 1,", "My agent,"})
  void beforeVersionOneTheNameTells(String name, String expected) {
    LlmSpan llm =
        span(name).with("gen_ai.system", "strands-agents").with("event_loop.cycle_id", "c").read();
    assertThat(llm.operation()).isEqualTo(expected);
  }

  @Test
  void agentBeforeVersionOneIsNotACall() {
    LlmSpan llm = chat().without("gen_ai.operation.name").with("agent.name", "helper").read();
    assertThat(llm.agentName()).isEqualTo("helper");
    assertThat(llm.operation()).isEqualTo("invoke_agent");
    assertThat(llm.billing()).isEqualTo(Billing.AGGREGATE);
  }

  @Test
  void typeScriptNamesTheServiceAndWritesToolUseFlat() {
    TestSpan span =
        TestSpan.span("chat")
            .scope("my-service")
            .with("gen_ai.event.start_time", "2026-11-22T23:07:37.733Z")
            .with("gen_ai.system", "my-service")
            .with("gen_ai.operation.name", "chat")
            .with("gen_ai.request.model", "gpt-4o")
            .event(
                "gen_ai.choice",
                "finish_reason",
                "toolUse",
                "message",
                "[{\"type\":\"toolUse\",\"name\":\"find\",\"toolUseId\":\"c1\","
                    + "\"input\":{\"city\":\"Rome\"}}]");
    LlmSpan llm = span.read();
    assertThat(llm.provider()).isEqualTo("openai");
    assertThat(llm.outputMessages()).hasSize(1);
    assertThat(llm.outputMessages().get(0).finishReason()).isEqualTo("tool_call");
    assertThat(llm.outputMessages().get(0).parts())
        .singleElement()
        .isInstanceOfSatisfying(
            MessagePart.ToolCall.class,
            call -> {
              assertThat(call.name()).isEqualTo("find");
              assertThat(call.id()).isEqualTo("c1");
            });
    assertThat(
            TestSpan.span("execute_agent_loop_cycle")
                .with("agent_loop.cycle_id", "cycle-1")
                .with("gen_ai.event.start_time", "2026-11-22T23:07:37.733Z")
                .read()
                .operation())
        .isNull();
  }
}
