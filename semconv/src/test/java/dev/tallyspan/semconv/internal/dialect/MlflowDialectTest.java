package dev.tallyspan.semconv.internal.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.span.LlmSpan;
import dev.tallyspan.semconv.span.Slot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MlflowDialectTest {

  @Test
  void quotedTextsAndCountsOfAChat() {
    TestSpan span =
        TestSpan.span("Completions")
            .with("mlflow.spanType", "\"CHAT_MODEL\"")
            .with("mlflow.llm.model", "\"gpt-4o\"")
            .with("mlflow.llm.provider", "\"openai\"")
            .with(
                "mlflow.spanInputs",
                "{\"model\":\"gpt-4o\",\"temperature\":0.5,"
                    + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}")
            .with("mlflow.spanOutputs", "\"Hello.\"")
            .with("mlflow.llm.cost", "{\"total_cost\":0.01}")
            .with(
                "mlflow.chat.tokenUsage",
                "{\"input_tokens\":14,\"output_tokens\":9,\"total_tokens\":23}");
    LlmSpan llm = span.read();
    assertThat(llm.inputMessages()).containsExactly(Message.text("user", "hi"));
    assertThat(llm.outputMessages()).containsExactly(Message.text("assistant", "Hello."));
    assertThat(llm.usage().input()).isEqualTo(14);
    assertThat(llm.reportedCost().amount()).isEqualByComparingTo("0.01");
    assertThat(span.changes())
        .contains(
            entry("gen_ai.operation.name", "chat"),
            entry("gen_ai.provider.name", "openai"),
            entry("gen_ai.request.model", "gpt-4o"),
            entry("gen_ai.request.temperature", 0.5));
  }

  @Test
  void anthropicsOwnAnswerSettlesTheCounts() {
    LlmSpan llm =
        TestSpan.span("Messages.create")
            .with("mlflow.spanType", "\"CHAT_MODEL\"")
            .with("mlflow.spanInputs", "{\"model\":\"claude-sonnet-4-5\",\"messages\":[]}")
            .with(
                "mlflow.spanOutputs",
                "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\","
                    + "\"model\":\"claude-sonnet-4-5\",\"content\":[{\"type\":\"text\",\"text\":"
                    + "\"Hi\"}],\"usage\":{\"input_tokens\":900,\"output_tokens\":9,"
                    + "\"cache_read_input_tokens\":800,\"cache_creation_input_tokens\":0}}")
            .with(
                "mlflow.chat.tokenUsage",
                "{\"input_tokens\":900,\"output_tokens\":9,\"cache_read_input_tokens\":800}")
            .read();
    assertThat(llm.usage().input()).isEqualTo(1700);
    assertThat(llm.responseId()).isEqualTo("msg_1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<anthropic.Stream object at 0x7f00aa>",
        "<generator object Stream.__iter__ at 0x7F00aa>",
        "<async_generator object <lambda>.<locals>.chunks at 0x10>"
      })
  void streamThatWasNotReadHasNoMessages(String printed) {
    LlmSpan llm =
        TestSpan.span("Messages.create")
            .with("mlflow.spanType", "\"CHAT_MODEL\"")
            .with("mlflow.spanOutputs", "\"" + printed + "\"")
            .read();
    assertThat(llm.outputMessages()).isEmpty();
  }

  @Test
  void agentSumsUp() {
    LlmSpan llm =
        TestSpan.span("assistant")
            .with("mlflow.spanType", "\"AGENT\"")
            .with("mlflow.chat.tokenUsage", "{\"input_tokens\":14,\"output_tokens\":9}")
            .read();
    assertThat(llm.operation()).isEqualTo("invoke_agent");
    assertThat(llm.billing()).isEqualTo(Billing.AGGREGATE);
  }

  @Test
  void toolAndRetriever() {
    assertThat(
            TestSpan.span("get_weather")
                .with("mlflow.spanType", "\"TOOL\"")
                .with("mlflow.spanInputs", "{\"city\":\"Paris\"}")
                .with("mlflow.spanOutputs", "\"sunny\"")
                .changes())
        .contains(
            entry("gen_ai.operation.name", "execute_tool"),
            entry("gen_ai.tool.name", "get_weather"),
            entry("gen_ai.tool.call.arguments", "{\"city\":\"Paris\"}"),
            entry("gen_ai.tool.call.result", "sunny"));
    assertThat(
            TestSpan.span("retrieve")
                .with("mlflow.spanType", "\"RETRIEVER\"")
                .with("mlflow.spanInputs", "{\"query\":\"q\"}")
                .with("mlflow.spanOutputs", "[{\"page_content\":\"x\",\"id\":7,\"score\":2}]")
                .changes())
        .contains(
            entry("gen_ai.retrieval.query.text", "q"),
            entry(
                "gen_ai.retrieval.documents", "[{\"id\":\"7\",\"score\":2.0,\"content\":\"x\"}]"));
  }

  @Test
  void functionThatGoesThroughAnotherIsNotBilled() {
    assertThat(gemini("Models.generate_content").billing()).isEqualTo(Billing.AGGREGATE);
    assertThat(gemini("Models._generate_content").billing()).isEqualTo(Billing.CALL);
    assertThat(gemini("AsyncChat.send_message").billing()).isEqualTo(Billing.AGGREGATE);
    assertThat(gemini("GenerativeModel.generate_content").billing()).isEqualTo(Billing.CALL);
    assertThat(gemini("Models.count_tokens").billing()).isEqualTo(Billing.NOT_BILLABLE);
  }

  @Test
  void bedrocksInvocationHasItsMessagesInTheBody() {
    LlmSpan llm =
        TestSpan.span("BedrockRuntime.invoke_model")
            .with("mlflow.spanType", "\"LLM\"")
            .with("mlflow.llm.provider", "\"anthropic\"")
            .with(
                "mlflow.spanInputs",
                "{\"modelId\":\"anthropic.claude-sonnet-4-5-20250929-v1:0\",\"body\":"
                    + "\"{\\\"max_tokens\\\":100,\\\"messages\\\":[{\\\"role\\\":\\\"user\\\","
                    + "\\\"content\\\":\\\"hi\\\"}]}\"}")
            .with(
                "mlflow.spanOutputs",
                "{\"ResponseMetadata\":{\"HTTPStatusCode\":200},\"body\":{\"id\":\"msg_1\","
                    + "\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-sonnet-4-5\","
                    + "\"content\":[{\"type\":\"text\",\"text\":\"Hello.\"}],\"stop_reason\":"
                    + "\"end_turn\",\"usage\":{\"input_tokens\":8,\"output_tokens\":3}}}")
            .read();
    assertThat(llm.provider()).isEqualTo("aws.bedrock");
    assertThat(llm.requestModel()).isEqualTo("anthropic.claude-sonnet-4-5-20250929-v1:0");
    assertThat(llm.get(Slot.MAX_TOKENS)).isEqualTo(100L);
    assertThat(llm.inputMessages()).containsExactly(Message.text("user", "hi"));
    assertThat(llm.outputMessages().get(0).parts()).containsExactly(new MessagePart.Text("Hello."));
    assertThat(llm.usage().input()).isEqualTo(8);
  }

  @Test
  void titanSpeaksOfTextsAlone() {
    LlmSpan llm =
        TestSpan.span("BedrockRuntime.invoke_model")
            .with("mlflow.spanType", "\"LLM\"")
            .with("mlflow.llm.provider", "\"amazon\"")
            .with(
                "mlflow.spanInputs",
                "{\"modelId\":\"amazon.titan-text-express-v1\",\"body\":"
                    + "\"{\\\"inputText\\\":\\\"hi\\\"}\"}")
            .with(
                "mlflow.spanOutputs",
                "{\"ResponseMetadata\":{},\"body\":{\"inputTextTokenCount\":3,\"results\":"
                    + "[{\"tokenCount\":5,\"outputText\":\"Hello.\"}]}}")
            .read();
    assertThat(llm.inputMessages()).containsExactly(Message.text("user", "hi"));
    assertThat(llm.outputMessages()).containsExactly(Message.text("assistant", "Hello."));
    assertThat(llm.usage().input()).isEqualTo(3);
    assertThat(llm.usage().output()).isEqualTo(5);
  }

  private static LlmSpan gemini(String name) {
    return TestSpan.span(name)
        .with("mlflow.spanType", "\"LLM\"")
        .with("mlflow.message.format", "\"gemini\"")
        .with("mlflow.llm.model", "\"gemini-2.5-flash\"")
        .with("mlflow.chat.tokenUsage", "{\"input_tokens\":4,\"output_tokens\":2}")
        .read();
  }
}
