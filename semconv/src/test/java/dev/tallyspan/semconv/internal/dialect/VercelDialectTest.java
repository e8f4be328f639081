package dev.tallyspan.semconv.internal.dialect;

import static dev.tallyspan.semconv.TestSpan.span;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.MessagePart.Blob;
import dev.tallyspan.semconv.MessagePart.Reasoning;
import dev.tallyspan.semconv.MessagePart.Text;
import dev.tallyspan.semconv.MessagePart.ToolCall;
import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.TokenUsage.Semantics;
import dev.tallyspan.semconv.span.LlmSpan;
import dev.tallyspan.semconv.span.Slot;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VercelDialectTest {

  private static TestSpan operation(String id) {
    return span(id).scope("ai").with("ai.operationId", id);
  }

  private static TestSpan call(String provider) {
    return operation("ai.generateText.doGenerate")
        .with("ai.model.provider", provider)
        .with("gen_ai.system", provider)
        .with("ai.model.id", "some-model");
  }

  @ParameterizedTest
  @CsvSource({
    "ai.generateText.doGenerate, chat, CALL",
    "ai.streamObject.doStream, chat, CALL",
    "ai.embedMany.doEmbed, embeddings, CALL",
    "ai.rerank.doRerank, rerank, CALL",
    "ai.generateText, invoke_agent, AGGREGATE",
    "ai.streamText, invoke_agent, AGGREGATE",
    "ai.generateObject, invoke_agent, AGGREGATE",
    "ai.embed, , AGGREGATE",
    "ai.toolCall, execute_tool, NOT_BILLABLE"
  })
  void onlyTheInnerSpanIsBilled(String id, String operation, Billing billing) {
    LlmSpan read =
        operation(id)
            .with("ai.model.id", "gpt-4o")
            .with("ai.usage.inputTokens", 10)
            .with("ai.usage.outputTokens", 1)
            .read();
    assertThat(read.operation()).isEqualTo(operation);
    assertThat(read.billing()).isEqualTo(billing);
  }

  @ParameterizedTest
  @CsvSource({
    "openai.chat, openai",
    "openai.responses, openai",
    "anthropic.messages, anthropic",
    "google.generative-ai, gcp.gemini",
    "google.vertex.chat, gcp.vertex_ai",
    "vertex.anthropic.messages, gcp.vertex_ai",
    "amazon-bedrock, aws.bedrock",
    "azure.chat, azure.ai.openai",
    "azure-openai.responses, azure.ai.openai",
    "mistral.chat, mistral_ai",
    "xai.chat, x_ai",
    "fireworks.chat, fireworks"
  })
  void providerIsNamedWithoutItsApi(String written, String expected) {
    assertThat(operation("ai.generateText").with("ai.model.provider", written).read().provider())
        .isEqualTo(expected);
  }

  @Test
  void answerIsPutTogether() {
    LlmSpan read =
        call("openai.chat")
            .with("ai.response.reasoning", "hm")
            .with("ai.response.text", "I'll look.")
            .with(
                "ai.response.toolCalls",
                "[{\"toolCallType\":\"function\",\"toolCallId\":\"c1\",\"toolName\":\"w\","
                    + "\"args\":\"{\\\"city\\\":\\\"Paris\\\"}\"},{\"toolCallId\":\"c2\","
                    + "\"toolName\":\"w\",\"input\":{\"city\":\"London\"}}]")
            .with("ai.response.finishReason", "tool-calls")
            .with("ai.response.id", "r1")
            .with("ai.response.model", "m-2024")
            .read();
    List<MessagePart> parts = read.outputMessages().get(0).parts();
    assertThat(parts.subList(0, 2)).containsExactly(new Reasoning("hm"), new Text("I'll look."));
    assertThat(TestSpan.plain(((ToolCall) parts.get(2)).arguments()))
        .isEqualTo(Map.of("city", "Paris"));
    assertThat(TestSpan.plain(((ToolCall) parts.get(3)).arguments()))
        .isEqualTo(Map.of("city", "London"));
    assertThat(read.outputMessages().get(0).finishReason()).isEqualTo("tool_call");
    assertThat(read.get(Slot.FINISH_REASONS)).isEqualTo(List.of("tool_call"));
    assertThat(read.responseId()).isEqualTo("r1");
    assertThat(read.responseModel()).isEqualTo("m-2024");
  }

  @Test
  void reasoningAsAListOfPartsKeepsItsSignatures() {
    LlmSpan read =
        call("anthropic.messages")
            .with(
                "ai.response.reasoning",
                "[{\"type\":\"reasoning\",\"text\":\"hm\",\"signature\":\"s\"}]")
            .read();
    Reasoning reasoning = (Reasoning) read.outputMessages().get(0).parts().get(0);
    assertThat(reasoning.content()).isEqualTo("hm");
    assertThat(reasoning.extra()).containsKey("signature");
  }

  @Test
  void objectIsTheAnswersText() {
    LlmSpan read =
        operation("ai.generateObject.doGenerate")
            .with("ai.response.object", "{\"city\":\"Paris\"}")
            .read();
    assertThat(read.outputMessages().get(0).parts())
        .containsExactly(new Text("{\"city\":\"Paris\"}"));
    assertThat(read.get(Slot.OUTPUT_TYPE)).isEqualTo("json");
  }

  @Test
  void promptAndToolsAreRead() {
    LlmSpan read =
        call("openai.chat")
            .with(
                "ai.prompt.messages",
                "[{\"role\":\"system\",\"content\":\"S\"},{\"role\":\"user\",\"content\":"
                    + "[{\"type\":\"text\",\"text\":\"Hi\"}]}]")
            .with(
                "ai.prompt.tools",
                List.of("{\"type\":\"function\",\"name\":\"w\",\"inputSchema\":{\"a\":1}}"))
            .read();
    assertThat(read.inputMessages())
        .containsExactly(Message.text("system", "S"), Message.text("user", "Hi"));
    assertThat(TestSpan.plain(read.toolDefinitions()))
        .isEqualTo(List.of(Map.of("type", "function", "name", "w", "parameters", Map.of("a", 1L))));
  }

  @Test
  void outerSpansPromptHasTheSystemBesideIt() {
    LlmSpan read =
        operation("ai.generateText")
            .with("ai.prompt", "{\"system\":\"S\",\"prompt\":\"Hi\"}")
            .read();
    assertThat(read.inputMessages())
        .containsExactly(Message.text("system", "S"), Message.text("user", "Hi"));
  }

  @Test
  void imageAsABufferOfBytesBecomesABlob() {
    LlmSpan read =
        operation("ai.generateText")
            .with(
                "ai.prompt",
                "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image\",\"image\":"
                    + "{\"type\":\"Buffer\",\"data\":[137,80,78,71]},"
                    + "\"mimeType\":\"image/png\"}]}]}")
            .read();
    assertThat(((Blob) read.inputMessages().get(0).parts().get(0)).content()).isEqualTo("iVBORw==");
  }

  @Test
  void uncachedCountProvesThatCacheTokensAreInside() {
    TokenUsage usage =
        call("anthropic.messages")
            .with("ai.usage.inputTokens", 2880)
            .with("ai.usage.inputTokenDetails.noCacheTokens", 10)
            .with("ai.usage.inputTokenDetails.cacheReadTokens", 2870)
            .with("ai.usage.outputTokens", 24)
            .read()
            .usage();
    assertThat(usage.input()).isEqualTo(2880);
    assertThat(usage.semantics()).isEqualTo(Semantics.PROVEN_INCLUSIVE);
  }

  @Test
  void versionFourCopiesAnthropicsCounts() {
    TokenUsage usage =
        call("anthropic.messages")
            .with("ai.usage.promptTokens", 4000)
            .with("ai.usage.completionTokens", 24)
            .with(
                "ai.response.providerMetadata",
                "{\"anthropic\":{\"cacheCreationInputTokens\":100,\"cacheReadInputTokens\":2870}}")
            .read()
            .usage();
    assertThat(usage.input()).isEqualTo(6970);
    assertThat(usage.cacheWrite()).isEqualTo(100);
    assertThat(usage.semantics()).isEqualTo(Semantics.PRESUMED_EXCLUSIVE);
  }

  @Test
  void openAiCountsHoldTheCacheTokensInEveryVersion() {
    TokenUsage usage =
        call("openai.chat")
            .with("ai.usage.promptTokens", 4000)
            .with("ai.usage.completionTokens", 24)
            .with(
                "ai.response.providerMetadata",
                "{\"openai\":{\"cachedPromptTokens\":2816,\"reasoningTokens\":8}}")
            .read()
            .usage();
    assertThat(usage.input()).isEqualTo(4000);
    assertThat(usage.cacheRead()).isEqualTo(2816);
    assertThat(usage.reasoning()).isEqualTo(8);
    assertThat(usage.semantics()).isEqualTo(Semantics.PRESUMED_INCLUSIVE);
  }

  @Test
  void anthropicsOwnUsageTellsLifetimes() {
    TokenUsage usage =
        call("anthropic.messages")
            .with("ai.usage.inputTokens", 9)
            .with("ai.usage.outputTokens", 25)
            .with(
                "ai.response.providerMetadata",
                "{\"anthropic\":{\"usage\":{\"input_tokens\":9,\"output_tokens\":25,"
                    + "\"cache_creation_input_tokens\":2870,\"cache_read_input_tokens\":0,"
                    + "\"cache_creation\":{\"ephemeral_5m_input_tokens\":0,"
                    + "\"ephemeral_1h_input_tokens\":2870}}}}")
            .read()
            .usage();
    assertThat(usage.input()).isEqualTo(2879);
    assertThat(usage.cacheWrite1h()).isEqualTo(2870);
    assertThat(usage.semantics()).isEqualTo(Semantics.PROVEN_EXCLUSIVE);
  }

  @Test
  void metadataOfTheLastStepIsNotTakenForTheSumOfAll() {
    TokenUsage usage =
        operation("ai.generateText")
            .with("ai.model.provider", "anthropic.messages")
            .with("ai.usage.inputTokens", 500)
            .with("ai.usage.outputTokens", 30)
            .with(
                "ai.response.providerMetadata",
                "{\"anthropic\":{\"usage\":{\"input_tokens\":9,\"output_tokens\":30}}}")
            .read()
            .usage();
    assertThat(usage.input()).isEqualTo(500);
  }

  @Test
  void geminiThoughtsAreInTheOutput() {
    TokenUsage usage =
        call("google.generative-ai")
            .with("ai.usage.inputTokens", 2871)
            .with("ai.usage.outputTokens", 22)
            .with(
                "ai.response.providerMetadata",
                "{\"google\":{\"usageMetadata\":{\"promptTokenCount\":2871,"
                    + "\"candidatesTokenCount\":22,\"thoughtsTokenCount\":73,"
                    + "\"cachedContentTokenCount\":2816,\"totalTokenCount\":2966}}}")
            .read()
            .usage();
    assertThat(usage.output()).isEqualTo(95);
    assertThat(usage.reasoning()).isEqualTo(73);
    assertThat(usage.cacheRead()).isEqualTo(2816);
  }

  @Test
  void countsAsTextAreRead() {
    assertThat(call("openai.chat").with("ai.usage.inputTokens", "1970").read().usage().input())
        .isEqualTo(1970);
    assertThat(call("openai.chat").with("ai.usage.promptTokens", Double.NaN).read().usage())
        .isNull();
  }

  @Test
  void gatewayTellsWhoServedAndWhatItCost() {
    LlmSpan read =
        operation("ai.generateText.doGenerate")
            .with("ai.model.provider", "gateway")
            .with("ai.model.id", "openai/gpt-4o")
            .with(
                "ai.response.providerMetadata",
                "{\"gateway\":{\"routing\":{\"finalProvider\":\"azure\"},\"cost\":\"0.0045\"}}")
            .read();
    assertThat(read.requestModel()).isEqualTo("openai/gpt-4o");
    assertThat(read.reportedCost().amount()).isEqualByComparingTo("0.0045");
  }

  @Test
  void embeddingsHaveTokensAndDimensions() {
    LlmSpan read =
        operation("ai.embed.doEmbed")
            .with("ai.model.provider", "openai.embedding")
            .with("ai.model.id", "text-embedding-3-small")
            .with("ai.usage.tokens", 5)
            .with("ai.embeddings", List.of("[-0.14,0.17,0.19]"))
            .read();
    assertThat(read.usage().input()).isEqualTo(5);
    assertThat(read.get(Slot.EMBEDDING_DIMENSIONS)).isEqualTo(3L);
  }

  @Test
  void firstChunkIsInSeconds() {
    assertThat(
            call("openai.chat")
                .with("ai.response.msToFirstChunk", 91.5)
                .read()
                .get(Slot.TIME_TO_FIRST_CHUNK))
        .isEqualTo(0.0915);
  }

  @Test
  void toolCallHasArgumentsAndResult() {
    assertThat(
            operation("ai.toolCall")
                .with("ai.toolCall.name", "w")
                .with("ai.toolCall.id", "c1")
                .with("ai.toolCall.args", "{\"city\":\"Paris\"}")
                .with("ai.toolCall.result", "{\"t\":21}")
                .normalized())
        .contains(
            entry("gen_ai.operation.name", "execute_tool"),
            entry("gen_ai.tool.name", "w"),
            entry("gen_ai.tool.call.id", "c1"),
            entry("gen_ai.tool.call.arguments", "{\"city\":\"Paris\"}"),
            entry("gen_ai.tool.call.result", "{\"t\":21}"));
  }

  @Test
  void metadataTellsUserSessionAndTags() {
    LlmSpan read =
        call("openai.chat")
            .with("ai.telemetry.metadata.userId", "u")
            .with("ai.telemetry.metadata.sessionId", "s")
            .with("ai.telemetry.metadata.tags", List.of("beta", "beta", " x "))
            .read();
    assertThat(read.get(Slot.USER_ID)).isEqualTo("u");
    assertThat(read.get(Slot.SESSION_ID)).isEqualTo("s");
    assertThat(read.get(Slot.TAGS)).isEqualTo(List.of("beta", "x"));
  }

  @Test
  void failedCallIsACallWithoutUsage() {
    LlmSpan read =
        call("openai.chat").error().event("exception", "exception.type", "AI_APICallError").read();
    assertThat(read.errorType()).isEqualTo("AI_APICallError");
    assertThat(read.usage()).isNull();
  }

  @Test
  void scopeOfAnotherNameIsNotVercels() {
    assertThat(span("x").scope("airflow").with("ai.something", "y").read()).isNull();
  }

  @Test
  void contextOfVersion7SaysWho() {
    LlmSpan read =
        span("invoke_agent gpt-4o")
            .scope("gen_ai")
            .with("gen_ai.operation.name", "invoke_agent")
            .with("gen_ai.request.model", "gpt-4o")
            .with("ai.settings.context.userId", "u-7")
            .with("ai.settings.context.sessionId", "s-42")
            .read();
    assertThat(read.get(Slot.USER_ID)).isEqualTo("u-7");
    assertThat(read.get(Slot.SESSION_ID)).isEqualTo("s-42");
  }
}
