package dev.tallyspan.semconv.internal.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.span.LlmSpan;
import org.junit.jupiter.api.Test;

class PydanticAiDialectTest {

  @Test
  void eventsInOneAttribute() {
    LlmSpan llm =
        TestSpan.span("chat gpt-4o")
            .with("gen_ai.operation.name", "chat")
            .with("gen_ai.system", "openai")
            .with("gen_ai.request.model", "gpt-4o")
            .with(
                "model_request_parameters",
                "{\"function_tools\":[{\"name\":\"f\",\"description\":\"d\","
                    + "\"parameters_json_schema\":{\"type\":\"object\"}}]}")
            .with(
                "events",
                "[{\"event.name\":\"gen_ai.user.message\",\"role\":\"user\",\"content\":\"hi\","
                    + "\"gen_ai.message.index\":0},{\"event.name\":\"gen_ai.choice\",\"index\":0,"
                    + "\"message\":{\"role\":\"assistant\",\"content\":\"Hello.\"}}]")
            .read();
    assertThat(llm.inputMessages()).containsExactly(Message.text("user", "hi"));
    assertThat(llm.outputMessages()).containsExactly(Message.text("assistant", "Hello."));
    assertThat(Json.of(llm.toolDefinitions()).at(0).get("parameters").isObject()).isTrue();
  }

  @Test
  void agentRunIsNotBilledWhateverTokensItShows() {
    LlmSpan llm =
        TestSpan.span("agent run")
            .with("agent_name", "travel")
            .with("model_name", "gpt-4o")
            .with("gen_ai.usage.input_tokens", 90)
            .with("gen_ai.usage.output_tokens", 9)
            .with(
                "all_messages_events",
                "[{\"role\":\"user\",\"content\":\"hi\",\"event.name\":\"gen_ai.user.message\"},"
                    + "{\"role\":\"assistant\",\"content\":\"Hello.\"}]")
            .read();
    assertThat(llm.operation()).isEqualTo("invoke_agent");
    assertThat(llm.agentName()).isEqualTo("travel");
    assertThat(llm.billing()).isEqualTo(Billing.AGGREGATE);
    assertThat(llm.inputMessages()).containsExactly(Message.text("user", "hi"));
    assertThat(llm.outputMessages()).containsExactly(Message.text("assistant", "Hello."));
  }

  @Test
  void aggregatedUsageIsNoUsage() {
    LlmSpan llm =
        TestSpan.span("invoke_agent travel")
            .with("gen_ai.operation.name", "invoke_agent")
            .with("gen_ai.aggregated_usage.input_tokens", 90)
            .with("final_result", "Hello.")
            .read();
    assertThat(llm.usage()).isNull();
    assertThat(llm.outputMessages()).containsExactly(Message.text("assistant", "Hello."));
  }

  @Test
  void toolRun() {
    assertThat(
            TestSpan.span("running tool")
                .scope("pydantic-ai")
                .with("gen_ai.tool.name", "get_weather")
                .with("gen_ai.tool.call.id", "c1")
                .with("tool_arguments", "{\"city\":\"Paris\"}")
                .with("tool_response", "sunny")
                .changes())
        .contains(
            entry("gen_ai.operation.name", "execute_tool"),
            entry("gen_ai.tool.call.arguments", "{\"city\":\"Paris\"}"),
            entry("gen_ai.tool.call.result", "sunny"));
  }

  @Test
  void geminisThoughtsInTheDetailsAreReasoning() {
    LlmSpan llm =
        TestSpan.chat()
            .scope("pydantic-ai")
            .with("gen_ai.provider.name", "gcp.gemini")
            .with("gen_ai.request.model", "gemini-2.5-pro")
            .with("gen_ai.usage.input_tokens", 41)
            .with("gen_ai.usage.output_tokens", 76)
            .with("gen_ai.usage.details.thoughts_tokens", 61)
            .read();
    assertThat(llm.usage().reasoning()).isEqualTo(61);
    assertThat(llm.usage().output()).isEqualTo(76);
  }
}
