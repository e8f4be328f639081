package dev.tallyspan.semconv.internal.dialect;

import static dev.tallyspan.semconv.TestSpan.span;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart.Blob;
import dev.tallyspan.semconv.MessagePart.Reasoning;
import dev.tallyspan.semconv.MessagePart.Text;
import dev.tallyspan.semconv.MessagePart.ToolCall;
import dev.tallyspan.semconv.MessagePart.ToolCallResponse;
import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.TokenUsage.Semantics;
import dev.tallyspan.semconv.read.Normalizer;
import dev.tallyspan.semconv.span.LlmSpan;
import dev.tallyspan.semconv.span.Slot;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenInferenceDialectTest {

  private static final String IN = "llm.input_messages.";
  private static final String OUT = "llm.output_messages.";

  private static TestSpan kind(String kind) {
    return span("x").with("openinference.span.kind", kind);
  }

  private static TestSpan llm() {
    return kind("LLM").with("llm.system", "openai").with("llm.model_name", "gpt-4o");
  }

  @Test
  void llmSpanIsABilledChat() {
    LlmSpan read =
        llm()
            .with("llm.token_count.prompt", 94)
            .with("llm.token_count.completion", 45)
            .with("llm.token_count.prompt_details.cache_read", 64)
            .with("llm.token_count.completion_details.reasoning", 12)
            .with("llm.finish_reason", "tool_calls")
            .read();
    assertThat(read.dialects()).containsExactly("openinference");
    assertThat(read.operation()).isEqualTo("chat");
    assertThat(read.provider()).isEqualTo("openai");
    assertThat(read.requestModel()).isEqualTo("gpt-4o");
    assertThat(read.billing()).isEqualTo(Billing.CALL);
    assertThat(read.usage().input()).isEqualTo(94);
    assertThat(read.usage().output()).isEqualTo(45);
    assertThat(read.usage().cacheRead()).isEqualTo(64);
    assertThat(read.usage().reasoning()).isEqualTo(12);
    assertThat(read.usage().semantics()).isEqualTo(Semantics.PRESUMED_INCLUSIVE);
  }

  @ParameterizedTest
  @CsvSource({
    "EMBEDDING, embeddings",
    "RETRIEVER, retrieval",
    "RERANKER, rerank",
    "TOOL, execute_tool",
    "AGENT, invoke_agent",
    "TOKEN_COUNTER, count_tokens",
    "' Llm ', chat"
  })
  void kindTellsTheOperation(String kind, String operation) {
    assertThat(kind(kind).read().operation()).isEqualTo(operation);
  }

  @ParameterizedTest
  @ValueSource(strings = {"CHAIN", "GUARDRAIL", "EVALUATOR", "PROMPT"})
  void spansAroundCallsHaveNoOperationAndAreNotBilled(String kind) {
    LlmSpan read =
        kind(kind).with("llm.model_name", "gpt-4o").with("llm.token_count.prompt", 9).read();
    assertThat(read.operation()).isNull();
    assertThat(read.billing()).isEqualTo(Billing.AGGREGATE);
  }

  @Test
  void agentWithTokensIsTheSumOfItsCalls() {
    assertThat(kind("AGENT").with("llm.token_count.prompt", 9).read().billing())
        .isEqualTo(Billing.AGGREGATE);
  }

  @Test
  void resultOfACrewSumsItsCalls() {
    LlmSpan read =
        kind("CHAIN")
            .scope("openinference.instrumentation.crewai")
            .with(
                "output.value",
                "{\"raw\":\"Paris\",\"token_usage\":{\"total_tokens\":98,\"prompt_tokens\":89,"
                    + "\"completion_tokens\":9,\"successful_requests\":1}}")
            .read();

    assertThat(read.billing()).isEqualTo(Billing.AGGREGATE);
    assertThat(read.usage().input()).isEqualTo(89);
    assertThat(read.usage().output()).isEqualTo(9);
  }

  @Test
  void tokensWithoutAKindAreThoseOfAnLlm() {
    LlmSpan read =
        span("x")
            .with("input.value", "hi")
            .with("output.value", "hello")
            .with("llm.token_count.prompt", "12")
            .read();
    assertThat(read.operation()).isEqualTo("chat");
    assertThat(read.usage().input()).isEqualTo(12);
    assertThat(read.inputMessages()).containsExactly(Message.text("user", "hi"));
  }

  @Test
  void inputAndOutputValueAloneAreNoLlmSpan() {
    assertThat(span("x").with("input.value", "a").with("output.value", "b").read()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "azure, openai, azure.ai.openai",
        "azure, mistralai, azure.ai.inference",
        "google, vertexai, gcp.vertex_ai",
        "google, -, gcp.gen_ai",
        "aws, anthropic, aws.bedrock",
        "-, vertexai, gcp.vertex_ai",
        "xai, -, x_ai",
        "-, mistralai, mistral_ai"
      })
  void providerIsWhoServesTheModel(String provider, String system, String expected) {
    TestSpan span = kind("LLM");
    if (provider != null) {
      span.with("llm.provider", provider);
    }
    if (system != null) {
      span.with("llm.system", system);
    }
    assertThat(span.read().provider()).isEqualTo(expected);
  }

  @Test
  void instrumentationTellsTheProviderWhereNothingElseDoes() {
    assertThat(
            kind("LLM")
                .scope("openinference.instrumentation.anthropic")
                .with("llm.model_name", "claude-sonnet-4-5")
                .read()
                .provider())
        .isEqualTo("anthropic");
    assertThat(kind("LLM").scope("openinference.instrumentation.langchain").read().provider())
        .isNull();
  }

  @Test
  void langChainsClassTellsTheProvider() {
    assertThat(span("AzureChatOpenAI").with("openinference.span.kind", "LLM").read().provider())
        .isEqualTo("azure.ai.openai");
  }

  @Test
  void messagesAreRebuiltWithContentAndToolCalls() {
    LlmSpan read =
        llm()
            .with(IN + "0.message.role", "user")
            .with(IN + "0.message.content", "Weather?")
            .with(IN + "1.message.role", "assistant")
            .with(IN + "1.message.content", "I'll look.")
            .with(IN + "1.message.tool_calls.0.tool_call.id", "c1")
            .with(IN + "1.message.tool_calls.0.tool_call.function.name", "get_weather")
            .with(
                IN + "1.message.tool_calls.0.tool_call.function.arguments", "{\"city\":\"Paris\"}")
            .with(IN + "2.message.role", "tool")
            .with(IN + "2.message.tool_call_id", "c1")
            .with(IN + "2.message.content", "sunny")
            .read();
    assertThat(read.inputMessages())
        .extracting(Message::role)
        .containsExactly("user", "assistant", "tool");
    assertThat(read.inputMessages().get(1).parts()).hasSize(2);
    assertThat(read.inputMessages().get(1).parts().get(0)).isEqualTo(new Text("I'll look."));
    ToolCall call = (ToolCall) read.inputMessages().get(1).parts().get(1);
    assertThat(call.name()).isEqualTo("get_weather");
    assertThat(TestSpan.plain(call.arguments())).isEqualTo(Map.of("city", "Paris"));
    ToolCallResponse answer = (ToolCallResponse) read.inputMessages().get(2).parts().get(0);
    assertThat(answer.id()).isEqualTo("c1");
  }

  @Test
  void indexesAreNumbersAndMayHaveGaps() {
    LlmSpan read =
        llm()
            .with(IN + "10.message.content", "third")
            .with(IN + "2.message.content", "second")
            .with(IN + "1.message.content", "first")
            .read();
    assertThat(read.inputMessages())
        .containsExactly(
            Message.text("user", "first"),
            Message.text("user", "second"),
            Message.text("user", "third"));
  }

  @Test
  void hostileIndexesAreLeftAlone() {
    Map<String, Object> out =
        llm()
            .with(IN + "999999999.message.content", "far")
            .with(IN + "2147483648.message.content", "x")
            .with(IN + "-1.message.content", "x")
            .with(IN + "1e3.message.content", "x")
            .with(IN + "\u0663.message.content", "x")
            .normalized();
    assertThat(out)
        .containsEntry(
            "gen_ai.input.messages",
            "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"far\"}]}]")
        .containsKey(IN + "2147483648.message.content");
  }

  @Test
  void contentThatRepeatsTheOnlyPartIsReadOnce() {
    LlmSpan read =
        llm()
            .with(OUT + "0.message.content", "hello")
            .with(OUT + "0.message.contents.0.message_content.type", "text")
            .with(OUT + "0.message.contents.0.message_content.text", "hello")
            .read();
    assertThat(read.outputMessages()).containsExactly(Message.text("assistant", "hello"));
  }

  @Test
  void imagesBecomeBlobsAndThoughtsReasoning() {
    LlmSpan read =
        llm()
            .with(IN + "0.message.role", "user")
            .with(IN + "0.message.contents.0.message_content.type", "image")
            .with(
                IN + "0.message.contents.0.message_content.image.image.url",
                "data:image/png;base64,iVBORw0KGgo=")
            .with(OUT + "0.message.role", "assistant")
            .with(OUT + "0.message.contents.0.message_content.type", "reasoning")
            .with(OUT + "0.message.contents.0.message_content.text", "hm")
            .with(OUT + "1.message.role", "assistant")
            .with(OUT + "1.message.content", "9")
            .read();
    Blob blob = (Blob) read.inputMessages().get(0).parts().get(0);
    assertThat(blob.mimeType()).isEqualTo("image/png");
    assertThat(read.outputMessages()).hasSize(1);
    assertThat(read.outputMessages().get(0).parts())
        .containsExactly(new Reasoning("hm"), new Text("9"));
  }

  @Test
  void attributesWithoutAValueAreNoToolCalls() {
    LlmSpan read =
        llm()
            .with(IN + "0.message.role", "user")
            .with(IN + "0.message.contents.0.message_content.type", "text")
            .with(IN + "0.message.contents.0.message_content.text", "hi")
            .with(IN + "0.message.contents.0.message_content.image", null)
            .with(IN + "0.message.tool_calls.0.tool_call.function.name", null)
            .read();
    assertThat(read.inputMessages()).containsExactly(Message.text("user", "hi"));
  }

  @Test
  void payloadFillsAMessageThatLostItsContent() {
    LlmSpan read =
        llm()
            .with(IN + "0.message.role", "system")
            .with(IN + "1.message.role", "user")
            .with(IN + "1.message.content", "Hi")
            .with(
                "input.value",
                "{\"messages\":[[{\"lc\":1,\"type\":\"constructor\",\"id\":[\"langchain_core\","
                    + "\"messages\",\"SystemMessage\"],\"kwargs\":{\"content\":[{\"type\":\"text\","
                    + "\"text\":\"Be brief.\"}]}},{\"lc\":1,\"type\":\"constructor\",\"id\":"
                    + "[\"langchain_core\",\"messages\",\"HumanMessage\"],"
                    + "\"kwargs\":{\"content\":\"Hi\"}}]]}")
            .read();
    assertThat(read.inputMessages())
        .containsExactly(Message.text("system", "Be brief."), Message.text("user", "Hi"));
  }

  @Test
  void payloadOfAnotherConversationFillsNothing() {
    LlmSpan read =
        llm()
            .with(IN + "0.message.role", "system")
            .with(IN + "1.message.role", "user")
            .with(IN + "1.message.content", "Hi")
            .with("input.value", "[{\"role\":\"user\",\"content\":\"other\"}]")
            .read();
    assertThat(read.inputMessages()).hasSize(2);
    assertThat(read.inputMessages().get(0).parts()).isEmpty();
  }

  @Test
  void payloadHasTheChoicesThatTheKeysLost() {
    LlmSpan read =
        llm()
            .with("llm.invocation_parameters", "{\"model\":\"gpt-4o\",\"n\":2}")
            .with(OUT + "0.message.role", "assistant")
            .with(OUT + "0.message.content", "one")
            .with(
                "output.value",
                "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"one\"}},"
                    + "{\"message\":{\"role\":\"assistant\",\"content\":\"two\"}}]}")
            .read();
    assertThat(read.outputMessages())
        .containsExactly(Message.text("assistant", "one"), Message.text("assistant", "two"));
  }

  @Test
  void structureBeatsPayload() {
    LlmSpan read =
        llm()
            .with(IN + "0.message.content", "structured")
            .with("input.value", "[{\"role\":\"user\",\"content\":\"payload\"}]")
            .read();
    assertThat(read.inputMessages()).containsExactly(Message.text("user", "structured"));
  }

  @Test
  void parametersAndSystemComeFromTheInvocation() {
    LlmSpan read =
        kind("LLM")
            .with("llm.provider", "anthropic")
            .with(IN + "0.message.content", "Hi")
            .with(
                "llm.invocation_parameters",
                "{\"model\":\"claude-sonnet-4-5\",\"max_tokens\":256,\"temperature\":0.5,"
                    + "\"stop_sequences\":[\"END\"],\"system\":[{\"type\":\"text\",\"text\":\"S\"}],"
                    + "\"tools\":[{\"name\":\"t\",\"input_schema\":{\"type\":\"object\"}}]}")
            .read();
    assertThat(read.requestModel()).isEqualTo("claude-sonnet-4-5");
    assertThat(read.systemInstructions()).containsExactly(new Text("S"));
    assertThat(read.get(Slot.MAX_TOKENS)).isEqualTo(256L);
    assertThat(read.get(Slot.TEMPERATURE)).isEqualTo(0.5);
    assertThat(read.get(Slot.STOP_SEQUENCES)).isEqualTo(List.of("END"));
    assertThat(TestSpan.plain(read.toolDefinitions()))
        .isEqualTo(
            List.of(
                Map.of("type", "function", "name", "t", "parameters", Map.of("type", "object"))));
  }

  @Test
  void modelNameIsTheAnswersWhereTheRequestNamesAnother() {
    LlmSpan read =
        kind("LLM")
            .with("llm.model_name", "gpt-4o-2024-08-06")
            .with("llm.invocation_parameters", "{\"model\":\"gpt-4o\"}")
            .read();
    assertThat(read.requestModel()).isEqualTo("gpt-4o");
    assertThat(read.responseModel()).isEqualTo("gpt-4o-2024-08-06");
  }

  @Test
  void rawResponseTellsIdLifetimesAndTier() {
    LlmSpan read =
        kind("LLM")
            .with("llm.provider", "anthropic")
            .with("llm.token_count.prompt", 2879)
            .with("llm.token_count.completion", 25)
            .with("llm.token_count.prompt_details.cache_write", 2870)
            .with(
                "output.value",
                "{\"id\":\"msg_1\",\"type\":\"message\",\"model\":\"claude-sonnet-4-5\","
                    + "\"usage\":{\"input_tokens\":9,\"cache_creation_input_tokens\":2870,"
                    + "\"cache_read_input_tokens\":0,\"cache_creation\":{"
                    + "\"ephemeral_5m_input_tokens\":2000,\"ephemeral_1h_input_tokens\":870},"
                    + "\"output_tokens\":25,\"service_tier\":\"priority\"}}")
            .read();
    assertThat(read.responseId()).isEqualTo("msg_1");
    assertThat(read.usage().input()).isEqualTo(2879);
    assertThat(read.usage().cacheWrite1h()).isEqualTo(870);
    assertThat(read.usage().semantics()).isEqualTo(Semantics.PROVEN_INCLUSIVE);
    assertThat(read.serviceTier()).isEqualTo("priority");
  }

  @Test
  void usageOfAStreamsFirstEventIsNotTakenForAll() {
    LlmSpan read =
        kind("LLM")
            .with("llm.token_count.prompt", 10)
            .with("llm.token_count.completion", 25)
            .with(
                "output.value",
                "{\"id\":\"m\",\"type\":\"message\",\"model\":\"c\","
                    + "\"usage\":{\"input_tokens\":10,\"output_tokens\":1}}")
            .read();
    assertThat(read.usage().output()).isEqualTo(25);
    assertThat(read.usage().source()).isEqualTo(TokenUsage.Source.REPORTED);
  }

  @Test
  void langChainsResultTellsProviderModelAndUsage() {
    LlmSpan read =
        span("ChatModel")
            .with("openinference.span.kind", "LLM")
            .with(
                "output.value",
                "{\"generations\":[[{\"text\":\"Hi\",\"message\":{\"lc\":1,\"type\":\"constructor\","
                    + "\"id\":[\"langchain_core\",\"messages\",\"AIMessage\"],\"kwargs\":{"
                    + "\"id\":\"run-7\",\"content\":\"Hi\",\"response_metadata\":{"
                    + "\"model_provider\":\"openai\",\"model_name\":\"gpt-4o-2024-08-06\"},"
                    + "\"usage_metadata\":{\"input_tokens\":80,\"output_tokens\":5,"
                    + "\"input_token_details\":{\"cache_read\":64}}}}}]]}")
            .read();
    assertThat(read.provider()).isEqualTo("openai");
    assertThat(read.responseModel()).isEqualTo("gpt-4o-2024-08-06");
    assertThat(read.responseId()).as("LangChain's own run id").isNull();
    assertThat(read.usage().input()).isEqualTo(80);
    assertThat(read.usage().cacheRead()).isEqualTo(64);
    assertThat(read.outputMessages()).containsExactly(Message.text("assistant", "Hi"));
  }

  @Test
  void textCompletionsHavePromptsAndChoices() {
    LlmSpan read =
        kind("LLM")
            .with("llm.prompts.0.prompt.text", "Once")
            .with("llm.choices.0.completion.text", "upon a time")
            .read();
    assertThat(read.operation()).isEqualTo("text_completion");
    assertThat(read.inputMessages()).containsExactly(Message.text("user", "Once"));
    assertThat(read.outputMessages()).containsExactly(Message.text("assistant", "upon a time"));
  }

  @Test
  void embeddingsTellTheirDimensions() {
    LlmSpan read =
        kind("EMBEDDING")
            .with("embedding.model_name", "text-embedding-3-small")
            .with("embedding.embeddings.0.embedding.text", "fox")
            .with("embedding.embeddings.0.embedding.vector", List.of(0.1, 0.2, 0.3))
            .with("llm.token_count.prompt", 4)
            .read();
    assertThat(read.requestModel()).isEqualTo("text-embedding-3-small");
    assertThat(read.get(Slot.EMBEDDING_DIMENSIONS)).isEqualTo(3L);
    assertThat(read.billing()).isEqualTo(Billing.CALL);
  }

  @Test
  void toolSpanHasArgumentsAndResult() {
    Map<String, Object> out =
        span("get_weather")
            .with("openinference.span.kind", "TOOL")
            .with("input.value", "{\"city\":\"Paris\"}")
            .with("output.value", "{\"temp_c\":21.5}")
            .normalized();
    assertThat(out)
        .contains(
            entry("gen_ai.operation.name", "execute_tool"),
            entry("gen_ai.tool.name", "get_weather"),
            entry("gen_ai.tool.call.arguments", "{\"city\":\"Paris\"}"),
            entry("gen_ai.tool.call.result", "{\"temp_c\":21.5}"));
  }

  @Test
  void argumentThatIsCalledInputStaysOne() {
    assertThat(
            TestSpan.plain(
                kind("TOOL")
                    .with("input.value", "{\"input\":\"refunds\"}")
                    .read()
                    .toolCallArguments()))
        .isEqualTo(Map.of("input", "refunds"));
  }

  @Test
  void langChainsToolMessageIsUnwrapped() {
    LlmSpan read =
        kind("TOOL")
            .with("tool.name", "get_weather")
            .with("input.value", "{\"input\":\"{\\\"city\\\":\\\"Paris\\\"}\"}")
            .with(
                "output.value",
                "{\"output\":{\"lc\":1,\"type\":\"constructor\",\"id\":[\"langchain_core\","
                    + "\"messages\",\"ToolMessage\"],\"kwargs\":{\"content\":\"{\\\"t\\\":21}\","
                    + "\"tool_call_id\":\"call_1\",\"name\":\"get_weather\"}}}")
            .read();
    assertThat(TestSpan.plain(read.toolCallArguments())).isEqualTo(Map.of("city", "Paris"));
    assertThat(TestSpan.plain(read.toolCallResult())).isEqualTo(Map.of("t", 21L));
    assertThat(read.get(Slot.TOOL_CALL_ID)).isEqualTo("call_1");
  }

  @Test
  void langChainsToolMessageWithATypeIsUnwrapped() {
    LlmSpan read =
        kind("TOOL")
            .with(
                "output.value",
                "{\"type\":\"tool\",\"data\":{\"content\":\"It is sunny.\",\"type\":\"tool\","
                    + "\"name\":\"get_weather\",\"tool_call_id\":\"call_1\"}}")
            .read();
    assertThat(TestSpan.plain(read.toolCallResult())).isEqualTo("It is sunny.");
    assertThat(read.get(Slot.TOOL_CALL_ID)).isEqualTo("call_1");
  }

  @Test
  void retrieverHasQueryAndDocuments() {
    LlmSpan read =
        kind("RETRIEVER")
            .with("input.value", "refunds?")
            .with("retrieval.documents.0.document.id", 7)
            .with("retrieval.documents.0.document.score", "0.9")
            .with("retrieval.documents.0.document.content", "30 days")
            .with("retrieval.documents.0.document.metadata", "{\"page\":1}")
            .read();
    assertThat(read.get(Slot.RETRIEVAL_QUERY)).isEqualTo("refunds?");
    assertThat(TestSpan.plain(read.retrievalDocuments()))
        .isEqualTo(
            List.of(
                Map.of(
                    "id",
                    "7",
                    "score",
                    0.9,
                    "content",
                    "30 days",
                    "metadata",
                    Map.of("page", 1L))));
    assertThat(read.billing()).isEqualTo(Billing.NOT_BILLABLE);
  }

  @Test
  void sessionIsTheConversationAndStays() {
    Map<String, Object> out = llm().with("session.id", "s").with("user.id", "u").normalized();
    assertThat(out)
        .contains(
            entry("session.id", "s"), entry("gen_ai.conversation.id", "s"), entry("user.id", "u"));
  }

  @Test
  void metadataOfLangGraphTellsThreadAndUser() {
    LlmSpan read =
        kind("CHAIN")
            .with("metadata", "{\"thread_id\":\"t9\",\"session_id\":\"s\",\"user_id\":\"u\"}")
            .read();
    assertThat(read.conversationId()).isEqualTo("t9");
    assertThat(read.get(Slot.SESSION_ID)).isEqualTo("s");
    assertThat(read.get(Slot.USER_ID)).isEqualTo("u");
  }

  @Test
  void explicitConventionsWinOnADoubleWrittenSpan() {
    LlmSpan read =
        TestSpan.chat()
            .with("gen_ai.usage.input_tokens", 10)
            .with("gen_ai.input.messages", "[{\"role\":\"user\",\"parts\":[]}]")
            .with("openinference.span.kind", "LLM")
            .with("llm.provider", "anthropic")
            .with("llm.token_count.prompt", 99)
            .with(IN + "0.message.content", "x")
            .read();
    assertThat(read.dialects()).containsExactly("otel", "openinference");
    assertThat(read.provider()).isEqualTo("openai");
    assertThat(read.usage().input()).isEqualTo(10);
    assertThat(read.inputMessages()).containsExactly(new Message("user", List.of()));
  }

  @Test
  void redactedContentIsContent() {
    assertThat(llm().with(IN + "0.message.content", "__REDACTED__").read().inputMessages())
        .containsExactly(Message.text("user", "__REDACTED__"));
  }

  @Test
  void firstTokenEventTellsTheTimeToIt() {
    assertThat(llm().event("First Token Stream Event").read().get(Slot.TIME_TO_FIRST_CHUNK))
        .isEqualTo(1e-9);
  }

  @Test
  void reportedCostIsKept() {
    assertThat(llm().with("llm.cost.total", 0.25).read().reportedCost().amount())
        .isEqualByComparingTo("0.25");
  }

  @Test
  void originalsThatWereReadGoIfNotKept() {
    Map<String, Object> out =
        llm()
            .with(IN + "0.message.role", "user")
            .with(IN + "0.message.content", "Hi")
            .with("input.value", "raw")
            .normalized(Normalizer.builder().keepOriginals(false).build());
    assertThat(out)
        .doesNotContainKeys(IN + "0.message.role", IN + "0.message.content")
        .containsKey("input.value");
  }

  @Test
  void smolagentsToolHasItsArgumentsInKwargs() {
    assertThat(
            TestSpan.span("SimpleTool")
                .with("openinference.span.kind", "TOOL")
                .with("tool.name", "find")
                .with("tool.parameters", "{\"city\":{\"type\":\"string\"}}")
                .with(
                    "input.value",
                    "{\"args\": [], \"sanitize_inputs_outputs\": true,"
                        + " \"kwargs\": {\"city\": \"Rome\"}}")
                .normalized())
        .containsEntry("gen_ai.tool.call.arguments", "{\"city\":\"Rome\"}");
  }

  @Test
  void smolagentsRolesAreWhatItSends() {
    LlmSpan llm =
        TestSpan.span("OpenAIModel.generate")
            .with("openinference.span.kind", "LLM")
            .with("llm.input_messages.0.message.role", "tool-call")
            .with("llm.input_messages.0.message.content", "Calling tools")
            .with("llm.input_messages.1.message.role", "tool-response")
            .with("llm.input_messages.1.message.content", "Observation")
            .read();
    assertThat(llm.inputMessages())
        .containsExactly(
            Message.text("assistant", "Calling tools"), Message.text("user", "Observation"));
  }

  @Test
  void llamaIndexHasItsPromptsInOneAttribute() {
    LlmSpan llm =
        TestSpan.span("OpenAI.complete")
            .with("openinference.span.kind", "LLM")
            .with("llm.model_name", "gpt-4o")
            .with("llm.prompts", List.of("Where is Rome?"))
            .with("output.value", "In Italy.")
            .read();
    assertThat(llm.operation()).isEqualTo("text_completion");
    assertThat(llm.inputMessages()).containsExactly(Message.text("user", "Where is Rome?"));
  }

  @Test
  void preparationOfACallByLlamaIndexIsNoCall() {
    LlmSpan llm =
        TestSpan.span("OpenAI._prepare_chat_with_tools")
            .scope("openinference.instrumentation.llama_index")
            .with("openinference.span.kind", "LLM")
            .with("llm.model_name", "gpt-4o")
            .with("output.value", "{\"messages\": [\"ChatMessage()\"]}")
            .read();
    assertThat(llm.operation()).isNull();
    assertThat(llm.billing()).isEqualTo(Billing.NOT_BILLABLE);
  }

  @Test
  void llamaIndexToolAndEmbeddingAreToldByWhatTheyHave() {
    assertThat(
            TestSpan.span("FunctionTool.acall")
                .with("openinference.span.kind", "TOOL")
                .with("tool.name", "find")
                .with("input.value", "{\"kwargs\": {\"city\": \"Rome\"}}")
                .normalized())
        .containsEntry("gen_ai.tool.call.arguments", "{\"city\":\"Rome\"}");
    LlmSpan embedding =
        TestSpan.span("OpenAIEmbedding.get_text_embedding")
            .with("openinference.span.kind", "EMBEDDING")
            .with("embedding.model_name", "text-embedding-3-small")
            .read();
    assertThat(embedding.provider()).isEqualTo("openai");
  }
}
