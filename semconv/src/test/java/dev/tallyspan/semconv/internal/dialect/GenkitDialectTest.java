package dev.tallyspan.semconv.internal.dialect;

import static dev.tallyspan.semconv.TestSpan.span;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart.Blob;
import dev.tallyspan.semconv.MessagePart.Reasoning;
import dev.tallyspan.semconv.MessagePart.ToolCall;
import dev.tallyspan.semconv.MessagePart.ToolCallResponse;
import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.span.LlmSpan;
import dev.tallyspan.semconv.span.Slot;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GenkitDialectTest {

  private static TestSpan action(String subtype, String name) {
    return span(name)
        .scope("genkit-tracer")
        .with("genkit:type", "action")
        .with("genkit:metadata:subtype", subtype)
        .with("genkit:name", name);
  }

  @ParameterizedTest
  @CsvSource({
    "googleai/gemini-2.5-pro, gcp.gemini, gemini-2.5-pro",
    "vertexai/gemini-2.5-pro, gcp.vertex_ai, gemini-2.5-pro",
    "openai/gpt-4o, openai, gpt-4o",
    "ollama/llama3, ollama, llama3"
  })
  void nameIsPluginAndModel(String name, String provider, String model) {
    LlmSpan read = action("model", name).read();
    assertThat(read.operation()).isEqualTo("chat");
    assertThat(read.provider()).isEqualTo(provider);
    assertThat(read.requestModel()).isEqualTo(model);
  }

  @Test
  void messagesAndParametersComeFromTheRequest() {
    LlmSpan read =
        action("model", "googleai/gemini-2.5-flash")
            .with(
                "genkit:input",
                "{\"messages\":[{\"role\":\"system\",\"content\":[{\"text\":\"S\"}]},"
                    + "{\"role\":\"user\",\"content\":[{\"text\":\"Look\"},{\"media\":{\"url\":"
                    + "\"data:image/png;base64,iVBORw==\",\"contentType\":\"image/png\"}}]},"
                    + "{\"role\":\"model\",\"content\":[{\"toolRequest\":{\"name\":\"w\","
                    + "\"ref\":\"c1\",\"input\":{\"city\":\"Paris\"}}}]},"
                    + "{\"role\":\"tool\",\"content\":[{\"toolResponse\":{\"name\":\"w\","
                    + "\"ref\":\"c1\",\"output\":{\"t\":21}}}]}],"
                    + "\"config\":{\"temperature\":0.2,\"maxOutputTokens\":100},"
                    + "\"tools\":[{\"name\":\"w\",\"description\":\"d\",\"inputSchema\":{}}],"
                    + "\"output\":{\"format\":\"json\"}}")
            .read();
    assertThat(read.inputMessages())
        .extracting(Message::role)
        .containsExactly("system", "user", "assistant", "tool");
    assertThat(read.inputMessages().get(1).parts().get(1)).isInstanceOf(Blob.class);
    ToolCall call = (ToolCall) read.inputMessages().get(2).parts().get(0);
    assertThat(call.id()).isEqualTo("c1");
    assertThat(TestSpan.plain(call.arguments())).isEqualTo(Map.of("city", "Paris"));
    ToolCallResponse response = (ToolCallResponse) read.inputMessages().get(3).parts().get(0);
    assertThat(TestSpan.plain(response.response())).isEqualTo(Map.of("t", 21L));
    assertThat(read.get(Slot.TEMPERATURE)).isEqualTo(0.2);
    assertThat(read.get(Slot.MAX_TOKENS)).isEqualTo(100L);
    assertThat(read.get(Slot.OUTPUT_TYPE)).isEqualTo("json");
    assertThat(read.toolDefinitions()).isNotNull();
  }

  @Test
  void answerAndUsageComeFromTheResponse() {
    LlmSpan read =
        action("model", "googleai/gemini-2.5-pro")
            .with(
                "genkit:output",
                "{\"candidates\":[{\"index\":0,\"message\":{\"role\":\"model\",\"content\":["
                    + "{\"reasoning\":\"hm\"},{\"text\":\"Hi\"}]},\"finishReason\":\"stop\"}],"
                    + "\"usage\":{\"inputTokens\":2871,\"outputTokens\":22,\"thoughtsTokens\":73,"
                    + "\"totalTokens\":2966,\"cachedContentTokens\":2816}}")
            .read();
    assertThat(read.outputMessages().get(0).parts().get(0)).isEqualTo(new Reasoning("hm"));
    assertThat(read.outputMessages().get(0).finishReason()).isEqualTo("stop");
    assertThat(read.usage().input()).isEqualTo(2871);
    assertThat(read.usage().output()).isEqualTo(95);
    assertThat(read.usage().cacheRead()).isEqualTo(2816);
  }

  @Test
  void rawResponseTellsIdAndModel() {
    LlmSpan read =
        action("model", "openai/gpt-4o")
            .with(
                "genkit:output",
                "{\"message\":{\"role\":\"model\",\"content\":[{\"text\":\"Hi\"}]},"
                    + "\"finishReason\":\"stop\",\"usage\":{\"inputTokens\":74,"
                    + "\"outputTokens\":35},\"raw\":{\"id\":\"chatcmpl-1\","
                    + "\"object\":\"chat.completion\",\"model\":\"gpt-4o-2024-08-06\","
                    + "\"usage\":{\"prompt_tokens\":74,\"completion_tokens\":35,"
                    + "\"prompt_tokens_details\":{\"cached_tokens\":64}}}}")
            .read();
    assertThat(read.responseId()).isEqualTo("chatcmpl-1");
    assertThat(read.responseModel()).isEqualTo("gpt-4o-2024-08-06");
    assertThat(read.usage().cacheRead()).isEqualTo(64);
    assertThat(read.outputMessages()).hasSize(1);
  }

  @Test
  void helperAroundTheModelIsNoCall() {
    LlmSpan read =
        span("generate")
            .with("genkit:type", "util")
            .with("genkit:name", "generate")
            .with("genkit:output", "{\"usage\":{\"inputTokens\":74,\"outputTokens\":35}}")
            .read();
    assertThat(read.operation()).isNull();
    assertThat(read.usage()).isNull();
    assertThat(read.billing()).isEqualTo(Billing.NOT_BILLABLE);
  }

  @Test
  void flowIsAWorkflow() {
    LlmSpan read = action("flow", "ragFlow").with("genkit:input", "\"Hi\"").read();
    assertThat(read.operation()).isEqualTo("invoke_workflow");
    assertThat(read.get(Slot.WORKFLOW_NAME)).isEqualTo("ragFlow");
  }

  @Test
  void toolHasArgumentsAndResult() {
    LlmSpan read =
        action("tool", "get_weather")
            .with("genkit:input", "{\"city\":\"Paris\"}")
            .with("genkit:output", "{\"t\":21}")
            .read();
    assertThat(read.operation()).isEqualTo("execute_tool");
    assertThat(read.toolName()).isEqualTo("get_weather");
    assertThat(TestSpan.plain(read.toolCallArguments())).isEqualTo(Map.of("city", "Paris"));
    assertThat(TestSpan.plain(read.toolCallResult())).isEqualTo(Map.of("t", 21L));
  }

  @Test
  void retrieverHasQueryAndDocuments() {
    LlmSpan read =
        action("retriever", "policies")
            .with("genkit:input", "{\"query\":{\"content\":[{\"text\":\"refunds?\"}]}}")
            .with(
                "genkit:output",
                "{\"documents\":[{\"content\":[{\"text\":\"30 days\"}],"
                    + "\"metadata\":{\"source\":\"p.md\"}}]}")
            .read();
    assertThat(read.get(Slot.RETRIEVAL_QUERY)).isEqualTo("refunds?");
    assertThat(TestSpan.plain(read.retrievalDocuments()))
        .isEqualTo(List.of(Map.of("content", "30 days", "metadata", Map.of("source", "p.md"))));
  }

  @Test
  void embedderTellsItsDimensions() {
    LlmSpan read =
        action("embedder", "googleai/gemini-embedding-001")
            .with("genkit:output", "{\"embeddings\":[{\"embedding\":[0.1,0.2]}]}")
            .read();
    assertThat(read.operation()).isEqualTo("embeddings");
    assertThat(read.requestModel()).isEqualTo("gemini-embedding-001");
    assertThat(read.get(Slot.EMBEDDING_DIMENSIONS)).isEqualTo(2L);
  }

  @Test
  void outputThatWasCutOffGivesItsTextButNoUsage() {
    LlmSpan read =
        action("model", "openai/gpt-4o")
            .with(
                "genkit:output",
                "{\"message\":{\"role\":\"model\",\"content\":[{\"text\":\"Hi\"}]},"
                    + "\"usage\":{\"inputTokens\":74,\"outputTokens\":3")
            .read();
    assertThat(read.usage()).isNull();
    assertThat(read.outputMessages()).containsExactly(Message.text("assistant", "Hi"));
  }
}
