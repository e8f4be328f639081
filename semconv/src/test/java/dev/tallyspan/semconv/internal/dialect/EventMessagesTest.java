package dev.tallyspan.semconv.internal.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart.Text;
import dev.tallyspan.semconv.MessagePart.ToolCall;
import dev.tallyspan.semconv.MessagePart.ToolCallResponse;
import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.read.MessageParser;
import dev.tallyspan.semconv.span.LlmSpan;
import io.opentelemetry.api.common.Value;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventMessagesTest {

  private static TestSpan span() {
    return TestSpan.span("chat gpt-4o")
        .with("gen_ai.operation.name", "chat")
        .with("gen_ai.system", "az.ai.inference")
        .with("gen_ai.request.model", "gpt-4o");
  }

  @Test
  void messageEventsWithTheirPayloadAsJsonText() {
    LlmSpan llm =
        span()
            .event("gen_ai.system.message", "gen_ai.event.content", "{\"content\":\"Be brief.\"}")
            .event("gen_ai.user.message", "gen_ai.event.content", "{\"content\":\"Weather?\"}")
            .event(
                "gen_ai.assistant.message",
                "gen_ai.event.content",
                "{\"tool_calls\":[{\"id\":\"c1\",\"type\":\"function\",\"function\":"
                    + "{\"name\":\"w\",\"arguments\":\"{\\\"city\\\":\\\"Paris\\\"}\"}}]}")
            .event(
                "gen_ai.tool.message",
                "gen_ai.event.content",
                "{\"content\":\"sunny\",\"id\":\"c1\"}")
            .event(
                "gen_ai.choice",
                "gen_ai.event.content",
                "{\"finish_reason\":\"stop\",\"index\":0,\"message\":{\"content\":\"Sunny.\"}}")
            .read();
    assertThat(llm.inputMessages())
        .containsExactly(
            Message.text("system", "Be brief."),
            Message.text("user", "Weather?"),
            new Message(
                "assistant",
                List.of(
                    new ToolCall("c1", "w", TestSpan.value(Map.of("city", "Paris")), Map.of()))),
            new Message("tool", List.of(new ToolCallResponse("c1", Value.of("sunny"), Map.of()))));
    assertThat(llm.outputMessages())
        .containsExactly(Message.text("assistant", "Sunny.").withFinishReason("stop"));
  }

  @Test
  void messageEventsWithTheirPayloadAsAttributes() {
    LlmSpan llm =
        span()
            .event("gen_ai.user.message", "content", "[{\"text\":\"Weather?\"}]")
            .event(
                "gen_ai.choice", "message", "[{\"text\":\"Sunny.\"}]", "finish_reason", "end_turn")
            .read();
    assertThat(llm.inputMessages()).containsExactly(Message.text("user", "Weather?"));
    assertThat(llm.outputMessages())
        .containsExactly(Message.text("assistant", "Sunny.").withFinishReason("stop"));
  }

  @Test
  void choicesAreInTheOrderOfTheirIndexes() {
    Map<String, Object> out =
        span()
            .event("gen_ai.choice", "index", 1, "finish_reason", "length", "content", "b")
            .event("gen_ai.choice", "index", 0, "finish_reason", "tool_calls", "content", "a")
            .changes();
    assertThat(MessageParser.parse((String) out.get("gen_ai.output.messages")))
        .extracting(m -> ((Text) m.parts().get(0)).content())
        .containsExactly("a", "b");
    assertThat(out).containsEntry("gen_ai.response.finish_reasons", List.of("tool_call", "length"));
  }

  @Test
  void eventsWithoutContentGiveReasonsAndNoMessages() {
    Map<String, Object> out =
        span()
            .event("gen_ai.user.message", "role", "user")
            .event("gen_ai.choice", "index", 0, "finish_reason", "stop")
            .changes();
    assertThat(out)
        .doesNotContainKeys("gen_ai.input.messages", "gen_ai.output.messages")
        .containsEntry("gen_ai.response.finish_reasons", List.of("stop"));
  }

  @Test
  void wholePromptAndCompletionAsEvents() {
    LlmSpan llm =
        span()
            .event(
                "gen_ai.content.prompt",
                "gen_ai.prompt",
                "[{\"role\":\"user\",\"content\":\"Hi\"}]")
            .event("gen_ai.content.completion", "gen_ai.completion", "Hello")
            .read();
    assertThat(llm.inputMessages()).containsExactly(Message.text("user", "Hi"));
    assertThat(llm.outputMessages()).containsExactly(Message.text("assistant", "Hello"));
  }

  @Test
  void wholePromptAndCompletionAsAttributes() {
    LlmSpan llm =
        span()
            .with("gen_ai.prompt", "[{\"role\":\"user\",\"content\":\"Hi\"}]")
            .with("gen_ai.completion", "Hello")
            .read();
    assertThat(llm.inputMessages()).containsExactly(Message.text("user", "Hi"));
    assertThat(llm.outputMessages()).containsExactly(Message.text("assistant", "Hello"));
  }

  @Test
  void detailsEventFillsWhatTheSpanDoesNotSay() {
    LlmSpan llm =
        TestSpan.chat()
            .with("gen_ai.input.messages", "Hi")
            .event(
                "gen_ai.client.inference.operation.details",
                "gen_ai.input.messages",
                "other",
                "gen_ai.system_instructions",
                "Be brief.")
            .read();
    assertThat(llm.inputMessages()).containsExactly(Message.text("user", "Hi"));
    assertThat(llm.systemInstructions()).containsExactly(new Text("Be brief."));
  }

  @Test
  void wholeEventBeatsAnAttributeThatWasCutOff() {
    LlmSpan llm =
        span()
            .with("gen_ai.input.messages", "[{\"role\":\"user\",\"content\":\"Weath")
            .event("gen_ai.user.message", "content", "Weather?")
            .read();
    assertThat(llm.inputMessages()).containsExactly(Message.text("user", "Weather?"));
  }

  @Test
  void attributeBeatsTheEvent() {
    LlmSpan llm =
        span()
            .with("gen_ai.input.messages", "[{\"role\":\"user\",\"content\":\"Weather?\"}]")
            .event("gen_ai.user.message", "content", "Weather?")
            .read();
    assertThat(llm.inputMessages()).containsExactly(Message.text("user", "Weather?"));
  }
}
