package dev.tallyspan.semconv.internal.dialect;

import static dev.tallyspan.semconv.TestSpan.span;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.MessagePart.Text;
import dev.tallyspan.semconv.MessagePart.ToolCall;
import dev.tallyspan.semconv.span.LlmSpan;
import java.util.List;
import org.junit.jupiter.api.Test;

class SentryDialectTest {

  @Test
  void textAndToolCallsAreOneAnswer() {
    LlmSpan read =
        span("chat gpt-4o")
            .with("gen_ai.operation.name", "chat")
            .with("gen_ai.system", "openai")
            .with("gen_ai.request.messages", "[{\"role\":\"user\",\"content\":\"Weather?\"}]")
            .with("gen_ai.response.text", "[\"One moment.\"]")
            .with(
                "gen_ai.response.tool_calls",
                "[{\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"w\","
                    + "\"arguments\":\"{}\"}}]")
            .with("gen_ai.request.available_tools", "[{\"name\":\"w\"}]")
            .read();
    assertThat(read.inputMessages()).containsExactly(Message.text("user", "Weather?"));
    List<MessagePart> parts = read.outputMessages().get(0).parts();
    assertThat(parts.get(0)).isEqualTo(new Text("One moment."));
    assertThat(((ToolCall) parts.get(1)).name()).isEqualTo("w");
    assertThat(read.toolDefinitions()).isNotNull();
  }

  @Test
  void textAloneIsTheAnswer() {
    assertThat(span("chat").with("gen_ai.response.text", "[\"Hi\"]").read().outputMessages())
        .containsExactly(Message.text("assistant", "Hi"));
  }

  @Test
  void keysBeforeTheConventionsAreRead() {
    LlmSpan read =
        span("x")
            .with("ai.model_id", "gpt-4")
            .with("ai.prompt_tokens.used", 12)
            .with("ai.completion_tokens.used", 3)
            .with("ai.input_messages", "[{\"role\":\"user\",\"content\":\"Hi\"}]")
            .with("ai.responses", "[\"Hello\"]")
            .read();
    assertThat(read.dialects()).containsExactly("sentry");
    assertThat(read.operation()).isEqualTo("chat");
    assertThat(read.usage().input()).isEqualTo(12);
    assertThat(read.usage().output()).isEqualTo(3);
    assertThat(read.outputMessages()).containsExactly(Message.text("assistant", "Hello"));
  }
}
