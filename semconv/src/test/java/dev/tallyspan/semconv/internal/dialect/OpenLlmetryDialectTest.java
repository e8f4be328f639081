package dev.tallyspan.semconv.internal.dialect;

import static dev.tallyspan.semconv.TestSpan.span;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.MessagePart.Text;
import dev.tallyspan.semconv.MessagePart.ToolCall;
import dev.tallyspan.semconv.MessagePart.ToolCallResponse;
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

class OpenLlmetryDialectTest {

  private static TestSpan old() {
    return span("openai.chat")
        .with("gen_ai.system", "OpenAI")
        .with("llm.request.type", "chat")
        .with("gen_ai.request.model", "gpt-4o");
  }

  private static TestSpan entity(String kind) {
    return span("x").with("traceloop.span.kind", kind).with("traceloop.entity.name", "thing");
  }

  @Test
  void olderSpanIsABilledChat() {
    LlmSpan read =
        old()
            .with("gen_ai.usage.prompt_tokens", 94)
            .with("gen_ai.usage.completion_tokens", 45)
            .with("llm.usage.total_tokens", 139)
            .with("gen_ai.completion.0.finish_reason", "tool_calls")
            .read();
    assertThat(read.dialects()).containsExactly("openllmetry", "otel-legacy");
    assertThat(read.operation()).isEqualTo("chat");
    assertThat(read.provider()).isEqualTo("openai");
    assertThat(read.billing()).isEqualTo(Billing.CALL);
    assertThat(read.usage().input()).isEqualTo(94);
    assertThat(read.get(Slot.FINISH_REASONS)).isEqualTo(List.of("tool_call"));
  }

  @Test
  void indexedMessagesAreRebuiltInTheirOrder() {
    LlmSpan read =
        old()
            .with("gen_ai.prompt.10.role", "tool")
            .with("gen_ai.prompt.10.content", "sunny")
            .with("gen_ai.prompt.10.tool_call_id", "c1")
            .with("gen_ai.prompt.2.role", "user")
            .with("gen_ai.prompt.2.content", "Weather?")
            .with("gen_ai.completion.0.role", "assistant")
            .with("gen_ai.completion.0.content", "One moment.")
            .with("gen_ai.completion.0.tool_calls.0.id", "c2")
            .with("gen_ai.completion.0.tool_calls.0.name", "get_weather")
            .with("gen_ai.completion.0.tool_calls.0.arguments", "{\"city\":\"Paris\"}")
            .read();
    assertThat(read.inputMessages()).extracting(Message::role).containsExactly("user", "tool");
    assertThat(((ToolCallResponse) read.inputMessages().get(1).parts().get(0)).id())
        .isEqualTo("c1");
    assertThat(read.outputMessages().get(0).parts().get(0)).isEqualTo(new Text("One moment."));
    ToolCall call = (ToolCall) read.outputMessages().get(0).parts().get(1);
    assertThat(TestSpan.plain(call.arguments())).isEqualTo(Map.of("city", "Paris"));
  }

  @Test
  void contentThatIsAListOfPartsAsTextIsOpened() {
    LlmSpan read =
        old()
            .with("gen_ai.completion.0.role", "assistant")
            .with(
                "gen_ai.completion.0.content",
                "[{\"type\":\"text\",\"text\":\"I'll check.\"},{\"type\":\"tool_use\","
                    + "\"id\":\"t1\",\"name\":\"get_weather\",\"input\":{\"city\":\"Paris\"}}]")
            .with("gen_ai.prompt.0.role", "user")
            .with(
                "gen_ai.prompt.0.content",
                "[{\"type\":\"tool_result\",\"tool_use_id\":\"t0\",\"content\":\"a\"},"
                    + "{\"type\":\"tool_result\",\"tool_use_id\":\"t1\",\"content\":\"b\"}]")
            .read();
    assertThat(read.outputMessages().get(0).parts()).hasSize(2);
    assertThat(read.inputMessages().get(0).role()).isEqualTo("tool");
    assertThat(read.inputMessages().get(0).parts()).hasSize(2);
  }

  @Test
  void contentThatIsNullAsTextIsNone() {
    LlmSpan read =
        old()
            .with("gen_ai.prompt.0.role", "assistant")
            .with("gen_ai.prompt.0.content", "null")
            .read();
    assertThat(read.inputMessages()).containsExactly(new Message("assistant", List.of()));
  }

  @Test
  void roleAsTheKeyIsRead() {
    assertThat(old().with("gen_ai.prompt.0.user", "Hi").read().inputMessages())
        .containsExactly(Message.text("user", "Hi"));
  }

  @Test
  void thoughtsAreReasoningInTheSameTurn() {
    LlmSpan read =
        old()
            .with("gen_ai.completion.0.role", "thinking")
            .with("gen_ai.completion.0.content", "hm")
            .with("gen_ai.completion.1.role", "assistant")
            .with("gen_ai.completion.1.content", "9")
            .read();
    assertThat(read.outputMessages()).hasSize(1);
    assertThat(read.outputMessages().get(0).parts())
        .containsExactly(new MessagePart.Reasoning("hm"), new Text("9"));
  }

  @Test
  void azureIsAzureOpenAi() {
    assertThat(old().with("gen_ai.system", "Azure").read().provider()).isEqualTo("azure.ai.openai");
    assertThat(
            old()
                .with("gen_ai.system", "Langchain")
                .with("traceloop.association.properties.ls_provider", "anthropic")
                .read()
                .provider())
        .isEqualTo("anthropic");
  }

  @Test
  void promptNameAndVersionAreNoMessages() {
    LlmSpan read =
        old()
            .with("gen_ai.prompt.name", "greeting")
            .with("gen_ai.prompt.version", "3")
            .with("gen_ai.prompt.variable.0", "x")
            .with("gen_ai.prompt", "Hi")
            .read();
    assertThat(read.inputMessages()).containsExactly(Message.text("user", "Hi"));
    assertThat(read.get(Slot.PROMPT_NAME)).isEqualTo("greeting");
  }

  @Test
  void indexedMessagesBeatTheScalar() {
    LlmSpan read =
        old().with("gen_ai.prompt", "scalar").with("gen_ai.prompt.0.content", "indexed").read();
    assertThat(read.inputMessages()).containsExactly(Message.text("user", "indexed"));
  }

  @Test
  void toolDefinitionsAreReadFromIndexedKeys() {
    LlmSpan read =
        old()
            .with("llm.request.functions.0.name", "get_weather")
            .with("llm.request.functions.0.description", "weather")
            .with("llm.request.functions.0.arguments", "{\"type\":\"object\"}")
            .read();
    assertThat(TestSpan.plain(read.toolDefinitions()))
        .isEqualTo(
            List.of(
                Map.of(
                    "type", "function",
                    "name", "get_weather",
                    "description", "weather",
                    "parameters", Map.of("type", "object"))));
  }

  @ParameterizedTest
  @CsvSource({"completion, text_completion", "rerank, rerank", "embedding, embeddings"})
  void requestTypeIsTheOperation(String type, String operation) {
    assertThat(old().with("llm.request.type", type).read().operation()).isEqualTo(operation);
  }

  @Test
  void toolDecoratorHasArgumentsAndResult() {
    LlmSpan read =
        entity("tool")
            .with("traceloop.entity.input", "{\"args\":[],\"kwargs\":{\"city\":\"Paris\"}}")
            .with("traceloop.entity.output", "{\"t\":21}")
            .read();
    assertThat(read.operation()).isEqualTo("execute_tool");
    assertThat(read.toolName()).isEqualTo("thing");
    assertThat(TestSpan.plain(read.toolCallArguments())).isEqualTo(Map.of("city", "Paris"));
    assertThat(TestSpan.plain(read.toolCallResult())).isEqualTo(Map.of("t", 21L));
  }

  @Test
  void langChainsToolIsNamedByItsMessage() {
    LlmSpan read =
        span("execute_tool DynamicStructuredTool")
            .with("gen_ai.operation.name", "execute_tool")
            .with("gen_ai.provider.name", "langchain")
            .with("traceloop.span.kind", "task")
            .with("traceloop.entity.name", "DynamicStructuredTool")
            .with("traceloop.entity.input", "{\"args\":[\"{\\\"city\\\":\\\"Paris\\\"}\"]}")
            .with(
                "traceloop.entity.output",
                "{\"lc\":1,\"type\":\"constructor\",\"id\":[\"langchain_core\",\"messages\","
                    + "\"ToolMessage\"],\"kwargs\":{\"content\":\"ok\",\"tool_call_id\":\"c1\","
                    + "\"name\":\"get_weather\"}}")
            .read();
    assertThat(read.toolName()).isEqualTo("get_weather");
    assertThat(read.provider()).isNull();
    assertThat(TestSpan.plain(read.toolCallArguments())).isEqualTo(Map.of("city", "Paris"));
    assertThat(TestSpan.plain(read.toolCallResult())).isEqualTo("ok");
  }

  @Test
  void pythonsLangChainToolInputIsUnwrapped() {
    LlmSpan read =
        entity("tool")
            .with(
                "traceloop.entity.input",
                "{\"input_str\":\"{'city': 'Paris'}\",\"tags\":[],\"metadata\":{},"
                    + "\"inputs\":{\"city\":\"Paris\"}}")
            .with("traceloop.entity.output", "{\"output\":\"sunny\",\"kwargs\":{\"tags\":[]}}")
            .read();
    assertThat(TestSpan.plain(read.toolCallArguments())).isEqualTo(Map.of("city", "Paris"));
    assertThat(TestSpan.plain(read.toolCallResult())).isEqualTo("sunny");
  }

  @Test
  void workflowAndAgentAreNamedByTheirEntity() {
    assertThat(entity("workflow").read().operation()).isEqualTo("invoke_workflow");
    assertThat(entity("workflow").read().get(Slot.WORKFLOW_NAME)).isEqualTo("thing");
    assertThat(entity("agent").read().operation()).isEqualTo("invoke_agent");
    assertThat(entity("agent").read().agentName()).isEqualTo("thing");
  }

  @Test
  void taskIsNoAgentAndHasNoOperation() {
    LlmSpan read = entity("task").with("traceloop.entity.input", "{\"args\":[\"hi\"]}").read();
    assertThat(read.operation()).isNull();
    assertThat(read.agentName()).isNull();
    assertThat(read.inputMessages()).isEmpty();
    assertThat(read.billing()).isEqualTo(Billing.NOT_BILLABLE);
  }

  @Test
  void contextAloneMakesNoLlmSpan() {
    assertThat(
            span("GET")
                .with("http.request.method", "GET")
                .with("traceloop.workflow.name", "w")
                .with("traceloop.association.properties.user_id", "u")
                .read())
        .isNull();
  }

  @Test
  void associationPropertiesTellUserAndSession() {
    LlmSpan read =
        old()
            .with("traceloop.association.properties.user_id", "u")
            .with("traceloop.association.properties.session_id", "s")
            .with("traceloop.association.properties.chat_id", "c")
            .read();
    assertThat(read.get(Slot.USER_ID)).isEqualTo("u");
    assertThat(read.get(Slot.SESSION_ID)).isEqualTo("s");
    assertThat(read.conversationId()).isEqualTo("c");
  }

  @Test
  void javaScriptsAnthropicCountsCopyTheProviders() {
    TestSpan span =
        span("chat claude-sonnet-4-5")
            .scope("@traceloop/instrumentation-anthropic", "0.27.0")
            .with("gen_ai.operation.name", "chat")
            .with("gen_ai.provider.name", "anthropic")
            .with("gen_ai.request.model", "claude-sonnet-4-5")
            .with("gen_ai.usage.input_tokens", 3000)
            .with("gen_ai.usage.output_tokens", 10)
            .with("gen_ai.usage.total_tokens", 3010)
            .with("gen_ai.usage.cache_read.input_tokens", 2000);
    assertThat(span.read().usage().input()).isEqualTo(5000);
    assertThat(span.read().usage().semantics()).isEqualTo(Semantics.PRESUMED_EXCLUSIVE);
  }

  @Test
  void pythonsAnthropicCountsHoldTheCacheTokens() {
    TokenUsage usage =
        old()
            .scope("opentelemetry.instrumentation.anthropic", "0.50.0")
            .with("gen_ai.system", "Anthropic")
            .with("gen_ai.usage.prompt_tokens", 3000)
            .with("gen_ai.usage.cache_read_input_tokens", 2000)
            .read()
            .usage();
    assertThat(usage.input()).isEqualTo(3000);
    assertThat(usage.semantics()).isEqualTo(Semantics.PRESUMED_INCLUSIVE);
  }

  @Test
  void inputItemsQuotedAsTextAreOpened() {
    Map<String, Object> out =
        span("chat gpt-4.1")
            .scope("@traceloop/instrumentation-openai", "0.27.0")
            .with("gen_ai.operation.name", "chat")
            .with(
                "gen_ai.input.messages",
                "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":"
                    + "\"[{\\\"role\\\":\\\"user\\\",\\\"content\\\":\\\"Hi\\\"}]\"}]}]")
            .normalized();
    assertThat(out)
        .containsEntry(
            "gen_ai.input.messages",
            "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"Hi\"}]}]");
  }

  @Test
  void foundDocumentsComeFromEvents() {
    LlmSpan read =
        span("vdb.query")
            .scope("@traceloop/node-server-sdk")
            .with("traceloop.workflow.name", "rag")
            .event("db.query.embeddings", "db.query.embeddings.vector", "[0.1]")
            .event(
                "db.query.result",
                "db.query.result.id",
                "doc-1",
                "db.query.result.score",
                0.93,
                "db.query.result.vector",
                "[0.1]",
                "db.query.result.document",
                "30 days")
            .read();
    assertThat(read.operation()).isEqualTo("retrieval");
    assertThat(TestSpan.plain(read.retrievalDocuments()))
        .isEqualTo(List.of(Map.of("id", "doc-1", "score", 0.93, "content", "30 days")));
  }

  @Test
  void hostileIndexesAreBounded() {
    LlmSpan read =
        old()
            .with("gen_ai.prompt.999999999.content", "far")
            .with("gen_ai.prompt.9999999999.content", "too far")
            .with("gen_ai.prompt.0.content", "near")
            .read();
    assertThat(read.inputMessages())
        .containsExactly(Message.text("user", "near"), Message.text("user", "far"));
  }

  @Test
  void callByHandIsNamedByItsVendorAndType() {
    TestSpan call =
        TestSpan.span("openai.chat")
            .with("llm.request.type", "chat")
            .with("gen_ai.request.model", "gpt-4o");
    assertThat(call.read().provider()).isEqualTo("openai");
    assertThat(
            TestSpan.span("planner.chat")
                .with("llm.request.type", "chat")
                .with("gen_ai.request.model", "house-model")
                .read()
                .provider())
        .isNull();
  }
}
