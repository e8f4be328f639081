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
import org.junit.jupiter.params.provider.ValueSource;

class GoogleAdkDialectTest {

  private static final String REQUEST = "gcp.vertex.agent.llm_request";
  private static final String RESPONSE = "gcp.vertex.agent.llm_response";

  private static TestSpan call() {
    return span("call_llm")
        .scope("gcp.vertex.agent")
        .with("gen_ai.system", "gcp.vertex.agent")
        .with("gen_ai.operation.name", "call_llm")
        .with("gen_ai.request.model", "gemini-2.5-flash")
        .with("gcp.vertex.agent.session_id", "s-1")
        .with(
            REQUEST,
            "{\"model\":\"gemini-2.5-flash\",\"config\":{\"systemInstruction\":{\"parts\":[{\"text\":"
                + "\"Be brief.\"}]},\"maxOutputTokens\":50,\"tools\":[{\"functionDeclarations\":["
                + "{\"name\":\"get_weather\",\"parameters\":{\"type\":\"OBJECT\"}}]}]},\"contents\":["
                + "{\"role\":\"user\",\"parts\":[{\"text\":\"Weather?\"}]},{\"role\":\"user\",\"parts\":"
                + "[{\"functionResponse\":{\"id\":\"a\",\"name\":\"get_weather\",\"response\":"
                + "{\"t\":1}}}]}]}")
        .with(
            RESPONSE,
            "{\"content\":{\"role\":\"model\",\"parts\":[{\"functionCall\":{\"name\":\"get_weather\","
                + "\"args\":{\"city\":\"Paris\"}}}]},\"finishReason\":\"STOP\",\"usageMetadata\":"
                + "{\"promptTokenCount\":10,\"toolUsePromptTokenCount\":2,"
                + "\"candidatesTokenCount\":5,\"thoughtsTokenCount\":7}}");
  }

  @Test
  void requestHoldsMessagesInstructionsToolsAndParameters() {
    LlmSpan llm = call().read();
    assertThat(llm.operation()).isEqualTo("chat");
    assertThat(llm.inputMessages()).extracting(Message::role).containsExactly("user", "tool");
    assertThat(llm.systemInstructions()).containsExactly(new MessagePart.Text("Be brief."));
    assertThat(llm.toolDefinitions()).isNotNull();
    assertThat(llm.get(Slot.MAX_TOKENS)).isEqualTo(50L);
    assertThat(llm.conversationId()).isEqualTo("s-1");
  }

  @Test
  void responseHoldsTheToolCall() {
    MessagePart part = call().read().outputMessages().get(0).parts().get(0);
    assertThat(part).isInstanceOf(MessagePart.ToolCall.class);
    assertThat(((MessagePart.ToolCall) part).name()).isEqualTo("get_weather");
  }

  @Test
  void thoughtsAreOutputAndToolPromptsAreInput() {
    TokenUsage usage = call().read().usage();
    assertThat(usage.input()).isEqualTo(12);
    assertThat(usage.output()).isEqualTo(12);
    assertThat(usage.reasoning()).isEqualTo(7);
  }

  @Test
  void snakeCaseOfPythonIsReadAlike() {
    LlmSpan llm =
        span("call_llm")
            .with("gen_ai.system", "gcp.vertex.agent")
            .with(
                REQUEST,
                "{\"model\":\"gemini-2.0\",\"config\":{\"max_output_tokens\":9,"
                    + "\"system_instruction\":\"Be kind.\"},\"contents\":[{\"role\":\"user\","
                    + "\"parts\":[{\"text\":\"Hi\"}]}]}")
            .with(
                RESPONSE,
                "{\"content\":{\"parts\":[{\"text\":\"Hello\"}]},\"finish_reason\":"
                    + "\"MAX_TOKENS\",\"usage_metadata\":{\"prompt_token_count\":1,"
                    + "\"candidates_token_count\":2,\"thoughts_token_count\":3}}")
            .read();
    assertThat(llm.requestModel()).isEqualTo("gemini-2.0");
    assertThat(llm.get(Slot.MAX_TOKENS)).isEqualTo(9L);
    assertThat(llm.systemInstructions()).containsExactly(new MessagePart.Text("Be kind."));
    assertThat(llm.outputMessages()).extracting(Message::role).containsExactly("assistant");
    assertThat(llm.get(Slot.FINISH_REASONS)).asString().isEqualTo("[max_tokens]");
    assertThat(llm.usage().output()).isEqualTo(5);
  }

  @ParameterizedTest
  @CsvSource({
    "gemini-2.5-flash, gcp.gen_ai",
    "projects/p/locations/l/endpoints/1, gcp.vertex_ai",
    "anthropic/claude-sonnet-4-5, anthropic",
    "openai/gpt-4o, openai",
    "house-model,"
  })
  void nameOfTheKitIsNoProviderButTheModelTells(String model, String expected) {
    LlmSpan llm =
        span("call_llm")
            .with("gen_ai.system", "gcp.vertex.agent")
            .with("gcp.vertex.agent.event_id", "e")
            .with("gen_ai.request.model", model)
            .read();
    assertThat(llm.provider()).isEqualTo(expected);
    assertThat(llm.requestModel()).isEqualTo(model);
  }

  @Test
  void toolSpanHasArgumentsResultAndTheMisspeltId() {
    LlmSpan llm =
        span("execute_tool get_weather")
            .with("gen_ai.operation.name", "execute_tool")
            .with("gen_ai.tool.name", "get_weather")
            .with("gen_ai.tool_call.id", "adk-1")
            .with("gcp.vertex.agent.tool_call_args", "{\"city\":\"Paris\"}")
            .with("gcp.vertex.agent.tool_response", "{\"t\":1}")
            .with(REQUEST, "{}")
            .with(RESPONSE, "{}")
            .read();
    assertThat(llm.get(Slot.TOOL_CALL_ID)).isEqualTo("adk-1");
    assertThat(Json.of(llm.toolCallArguments()).get("city").text()).isEqualTo("Paris");
    assertThat(Json.of(llm.toolCallResult()).get("t").asCount()).isEqualTo(1);
    assertThat(llm.inputMessages()).isEmpty();
    assertThat(llm.billing()).isEqualTo(Billing.NOT_BILLABLE);
  }

  @Test
  void placeholdersOfMergedToolsAreNothing() {
    LlmSpan llm =
        span("execute_tool (merged)")
            .with("gen_ai.operation.name", "execute_tool")
            .with("gen_ai.tool.name", "(merged tools)")
            .with("gcp.vertex.agent.tool_call_args", "N/A")
            .with("gcp.vertex.agent.tool_response", "<not specified>")
            .read();
    assertThat(llm.toolName()).isNull();
    assertThat(llm.toolCallArguments()).isNull();
    assertThat(llm.toolCallResult()).isNull();
  }

  @Test
  void requestThatWasCutOffGivesWhatIsThere() {
    LlmSpan llm =
        span("call_llm")
            .with("gen_ai.request.model", "gemini-2.5-flash")
            .with(REQUEST, "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"Wea")
            .read();
    assertThat(llm.inputMessages()).hasSize(1);
    assertThat(llm.inputMessages().get(0).role()).isEqualTo("user");
  }

  @ParameterizedTest
  @ValueSource(strings = {"contents", "config", "content", "usageMetadata"})
  void payloadNestedWithoutEndIsNoFault(String member) {
    String bomb = "{\"" + member + "\":" + "[{\"parts\":".repeat(10_000);
    LlmSpan llm =
        span("call_llm").with(REQUEST, bomb).with(RESPONSE, bomb).with("gen_ai.system", "x").read();
    assertThat(llm.faults()).isEmpty();
  }

  @Test
  void sendingDataIsNoOperation() {
    assertThat(
            span("send_data")
                .with("gen_ai.operation.name", "send_data")
                .with("gcp.vertex.agent.data", "[]")
                .read()
                .operation())
        .isNull();
  }
}
