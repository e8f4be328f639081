package dev.tallyspan.semconv.internal.dialect;

import static dev.tallyspan.semconv.TestSpan.span;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.MessagePart.Reasoning;
import dev.tallyspan.semconv.MessagePart.Text;
import dev.tallyspan.semconv.MessagePart.ToolCall;
import dev.tallyspan.semconv.MessagePart.ToolCallResponse;
import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.span.LlmSpan;
import dev.tallyspan.semconv.span.Slot;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HaystackDialectTest {

  private static TestSpan component(String type) {
    return span("haystack.component.run").with("haystack.component.type", type);
  }

  @Test
  void chatGeneratorIsACall() {
    LlmSpan read =
        component("OpenAIChatGenerator")
            .with(
                "haystack.component.input",
                "{\"messages\":[{\"role\":\"user\",\"meta\":{},\"content\":[{\"text\":\"Hi\"}]}],"
                    + "\"generation_kwargs\":{\"temperature\":0.1}}")
            .with(
                "haystack.component.output",
                "{\"replies\":[{\"role\":\"assistant\",\"content\":[{\"reasoning\":"
                    + "{\"reasoning_text\":\"hm\"}},{\"text\":\"Hello\"},{\"tool_call\":"
                    + "{\"id\":\"c1\",\"tool_name\":\"w\",\"arguments\":{\"a\":1}}}],"
                    + "\"meta\":{\"model\":\"gpt-4o-2024-08-06\",\"finish_reason\":\"stop\","
                    + "\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":3,"
                    + "\"prompt_tokens_details\":{\"cached_tokens\":4}}}}]}")
            .read();
    assertThat(read.operation()).isEqualTo("chat");
    assertThat(read.provider()).isEqualTo("openai");
    assertThat(read.responseModel()).isEqualTo("gpt-4o-2024-08-06");
    assertThat(read.usage().input()).isEqualTo(12);
    assertThat(read.usage().cacheRead()).isEqualTo(4);
    assertThat(read.get(Slot.TEMPERATURE)).isEqualTo(0.1);
    assertThat(read.inputMessages()).containsExactly(Message.text("user", "Hi"));
    List<MessagePart> parts = read.outputMessages().get(0).parts();
    assertThat(parts.subList(0, 2)).containsExactly(new Reasoning("hm"), new Text("Hello"));
    assertThat(((ToolCall) parts.get(2)).name()).isEqualTo("w");
    assertThat(read.billing()).isEqualTo(Billing.CALL);
  }

  @Test
  void olderMessagesHaveUnderscores() {
    LlmSpan read =
        component("AnthropicChatGenerator")
            .with(
                "haystack.component.input",
                "{\"messages\":[{\"_role\":\"tool\",\"_content\":[{\"tool_call_result\":"
                    + "{\"result\":\"ok\",\"error\":false,\"origin\":{\"id\":\"c1\","
                    + "\"tool_name\":\"w\",\"arguments\":{}}}}]}]}")
            .read();
    assertThat(read.provider()).isEqualTo("anthropic");
    ToolCallResponse response = (ToolCallResponse) read.inputMessages().get(0).parts().get(0);
    assertThat(response.id()).isEqualTo("c1");
    assertThat(TestSpan.plain(response.response())).isEqualTo("ok");
  }

  @Test
  void textGeneratorHasItsMetaBesideTheReplies() {
    LlmSpan read =
        component("OpenAIGenerator")
            .with("haystack.component.input", "{\"prompt\":\"Hi\"}")
            .with(
                "haystack.component.output",
                "{\"replies\":[\"Hello\"],\"meta\":[{\"model\":\"gpt-4o\","
                    + "\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":3}}]}")
            .read();
    assertThat(read.inputMessages()).containsExactly(Message.text("user", "Hi"));
    assertThat(read.outputMessages()).containsExactly(Message.text("assistant", "Hello"));
    assertThat(read.usage().output()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({"haystack.pipeline.run, invoke_workflow", "haystack.agent.run, invoke_agent"})
  void runsAroundComponentsAreNotBilled(String name, String operation) {
    LlmSpan read = span(name).with("haystack.pipeline.max_runs_per_component", 100).read();
    assertThat(read.operation()).isEqualTo(operation);
    assertThat(read.billing()).isEqualTo(Billing.NOT_BILLABLE);
  }

  @Test
  void retrieverHasQueryAndDocuments() {
    LlmSpan read =
        component("InMemoryBM25Retriever")
            .with("haystack.component.input", "{\"query\":\"refunds?\"}")
            .with(
                "haystack.component.output",
                "{\"documents\":[{\"id\":\"d1\",\"content\":\"30 days\",\"score\":0.5}]}")
            .read();
    assertThat(read.get(Slot.RETRIEVAL_QUERY)).isEqualTo("refunds?");
    assertThat(TestSpan.plain(read.retrievalDocuments()))
        .isEqualTo(List.of(Map.of("id", "d1", "content", "30 days", "score", 0.5)));
  }

  @Test
  void otherComponentsHaveNoOperation() {
    assertThat(component("PromptBuilder").read().operation()).isNull();
  }

  @Test
  void stepOfAnAgentIsACall() {
    LlmSpan read =
        span("haystack.agent.step.llm")
            .with(
                "haystack.agent.step.llm.input",
                "{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"Hi\"}]}],"
                    + "\"tools\":[{\"type\":\"haystack.tools.tool.Tool\",\"data\":{\"name\":\"w\","
                    + "\"description\":\"d\",\"parameters\":{}}}]}")
            .with(
                "haystack.agent.step.llm.output",
                "{\"replies\":[{\"role\":\"assistant\",\"content\":[{\"tool_call\":{\"id\":\"c1\","
                    + "\"tool_name\":\"w\",\"arguments\":{\"a\":1}}}],\"meta\":{\"model\":"
                    + "\"claude-sonnet-4-5\",\"finish_reason\":\"tool_calls\",\"usage\":"
                    + "{\"prompt_tokens\":81,\"completion_tokens\":35}}}]}")
            .read();
    assertThat(read.operation()).isEqualTo("chat");
    assertThat(read.provider()).isEqualTo("anthropic");
    assertThat(read.usage().input()).isEqualTo(81);
    assertThat(read.billing()).isEqualTo(Billing.CALL);
    assertThat(read.inputMessages()).containsExactly(Message.text("user", "Hi"));
    assertThat(read.outputMessages().get(0).parts().get(0)).isInstanceOf(ToolCall.class);
    assertThat(Json.of(read.toolDefinitions()).at(0).get("name").text()).isEqualTo("w");
  }

  @Test
  void toolOfAnAgentShowsWhatWentInAndOut() {
    LlmSpan read =
        span("haystack.agent.step.tool")
            .with("haystack.tool.name", "w")
            .with("haystack.agent.step.tool.input", "{\"city\":\"Paris\"}")
            .with("haystack.agent.step.tool.output", "{\"temp\":21}")
            .read();
    assertThat(read.operation()).isEqualTo("execute_tool");
    assertThat(Json.of(read.toolCallArguments()).get("city").text()).isEqualTo("Paris");
    assertThat(Json.of(read.toolCallResult()).get("temp").asCount()).isEqualTo(21);
  }
}
