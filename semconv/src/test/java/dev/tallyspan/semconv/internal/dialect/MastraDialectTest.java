package dev.tallyspan.semconv.internal.dialect;

import static dev.tallyspan.semconv.TestSpan.span;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart.ToolCall;
import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.span.LlmSpan;
import dev.tallyspan.semconv.span.Slot;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MastraDialectTest {

  private static TestSpan type(String type) {
    return span("x").scope("@mastra/otel-exporter").with("mastra.span.type", type);
  }

  @ParameterizedTest
  @CsvSource({
    "agent_run, invoke_agent, AGGREGATE",
    "workflow_run, invoke_workflow, AGGREGATE",
    "model_inference, chat, CALL",
    "model_generation, , AGGREGATE",
    "model_step, , AGGREGATE",
    "mcp_tool_call, execute_tool, NOT_BILLABLE"
  })
  void onlyTheInferenceIsBilled(String type, String operation, Billing billing) {
    LlmSpan read = type(type).with("gen_ai.usage.input_tokens", 9).read();
    assertThat(read.operation()).isEqualTo(operation);
    assertThat(read.billing()).isEqualTo(billing);
  }

  @Test
  void generationThatIsItselfTheCallIsBilled() {
    LlmSpan read =
        type("model_generation")
            .with("gen_ai.operation.name", "chat")
            .with("gen_ai.request.model", "gpt-4o")
            .with("gen_ai.usage.input_tokens", 9)
            .read();
    assertThat(read.billing()).isEqualTo(Billing.CALL);
  }

  @Test
  void conventionsAreReadInMastrasSpelling() {
    LlmSpan read =
        type("model_inference")
            .with("gen_ai.operation.name", "chat")
            .with("gen_ai.provider.name", "openai.chat")
            .with("gen_ai.request.model", "gpt-4o")
            .with("gen_ai.response.finish_reasons", "[\"tool-calls\"]")
            .with("gen_ai.usage.input_tokens", 2880)
            .with("gen_ai.usage.cache_read.input_tokens", 2816)
            .with("gen_ai.usage.reasoning_tokens", 0)
            .with("gen_ai.usage.output_tokens", 23)
            .read();
    assertThat(read.dialects()).startsWith("otel", "mastra");
    assertThat(read.provider()).isEqualTo("openai");
    assertThat(read.get(Slot.FINISH_REASONS)).isEqualTo(List.of("tool_call"));
    assertThat(read.usage().input()).isEqualTo(2880);
  }

  @Test
  void stepsShowWhatWasAskedAndAnswered() {
    LlmSpan read =
        type("model_step")
            .with("gen_ai.operation.name", "agent_step")
            .with("mastra.model_step.input", "[{\"role\":\"user\",\"content\":\"Weather?\"}]")
            .with(
                "mastra.model_step.output",
                "{\"text\":\"\",\"toolCalls\":[{\"toolCallId\":\"c1\",\"toolName\":\"w\","
                    + "\"args\":{\"city\":\"Paris\"}}]}")
            .read();
    assertThat(read.inputMessages()).containsExactly(Message.text("user", "Weather?"));
    ToolCall call = (ToolCall) read.outputMessages().get(0).parts().get(0);
    assertThat(call.id()).isEqualTo("c1");
    assertThat(TestSpan.plain(call.arguments())).isEqualTo(Map.of("city", "Paris"));
    assertThat(read.billing()).isEqualTo(Billing.NOT_BILLABLE);
  }

  @Test
  void systemInstructionsAsTextBecomeParts() {
    assertThat(type("agent_run").with("gen_ai.system_instructions", "Be brief.").normalized())
        .containsEntry(
            "gen_ai.system_instructions", "[{\"type\":\"text\",\"content\":\"Be brief.\"}]");
  }

  @Test
  void chunksAreNoMessages() {
    LlmSpan read =
        type("model_chunk")
            .with("gen_ai.operation.name", "model_chunk")
            .with("mastra.model_chunk.output", "{\"text\":\"Hi\"}")
            .read();
    assertThat(read.outputMessages()).isEmpty();
    assertThat(read.billing()).isEqualTo(Billing.NOT_BILLABLE);
  }

  @Test
  void completionStartIsTheTimeToTheFirstChunk() {
    // The span lasts from second 1 to second 2 of the epoch.
    assertThat(
            type("model_inference")
                .with("mastra.completion_start_time", "1970-01-01T00:00:01.250Z")
                .read()
                .get(Slot.TIME_TO_FIRST_CHUNK))
        .isEqualTo(0.25);
  }

  @ParameterizedTest
  @CsvSource({
    "1970-01-01T00:00:00.500Z",
    "1970-01-01T00:00:09Z",
    "+999999999-12-31T23:59:59Z",
    "yesterday"
  })
  void timeOutsideTheSpanIsNone(String time) {
    assertThat(
            type("model_inference")
                .with("mastra.completion_start_time", time)
                .read()
                .get(Slot.TIME_TO_FIRST_CHUNK))
        .isNull();
  }

  @Test
  void metadataTellsUserSessionAndThread() {
    LlmSpan read =
        type("agent_run")
            .with("mastra.metadata.userId", "u")
            .with("mastra.metadata.sessionId", "s")
            .with("mastra.metadata.threadId", "t")
            .read();
    assertThat(read.get(Slot.USER_ID)).isEqualTo("u");
    assertThat(read.get(Slot.SESSION_ID)).isEqualTo("s");
    assertThat(read.conversationId()).isEqualTo("t");
  }
}
