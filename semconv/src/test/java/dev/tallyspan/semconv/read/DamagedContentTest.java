package dev.tallyspan.semconv.read;

import static dev.tallyspan.semconv.TestSpan.chat;
import static dev.tallyspan.semconv.TestSpan.span;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.json.JsonWriter;
import dev.tallyspan.semconv.internal.message.MessageReader;
import dev.tallyspan.semconv.span.LlmSpan;
import dev.tallyspan.semconv.span.Slot;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that come in another wrapping than they should, or not whole. */
class DamagedContentTest {

  private static final String HI =
      "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"Hi\"}]}]";

  private static final Map<String, Object> HI_STRUCTURED =
      Map.of("role", "user", "parts", List.of(Map.of("type", "text", "content", "Hi")));

  private static List<Message> input(Object written) {
    return chat().with("gen_ai.input.messages", written).read().inputMessages();
  }

  // One list of messages, in every type that OTLP has for it.
  @Test
  void messagesAreTheSameWhateverTypeOfAttributeHoldsThem() {
    List<Message> hi = List.of(Message.text("user", "Hi"));
    assertThat(input(HI)).isEqualTo(hi);
    assertThat(input(List.of(HI_STRUCTURED))).isEqualTo(hi);
    assertThat(input(HI.getBytes(StandardCharsets.UTF_8))).isEqualTo(hi);
    assertThat(input(List.of(HI.substring(1, HI.length() - 1)))).isEqualTo(hi);
  }

  // MLflow and others encode JSON text as JSON once more.
  @Test
  void messagesQuotedAsJsonTextAreOpened() {
    String quoted = JsonWriter.write(TestSpan.value(HI));
    String twice = JsonWriter.write(TestSpan.value(quoted));
    assertThat(input(quoted)).containsExactly(Message.text("user", "Hi"));
    assertThat(input(twice)).containsExactly(Message.text("user", "Hi"));
  }

  @Test
  void whatAPersonWroteStaysTextEvenIfItIsJson() {
    assertThat(input("[{\"role\":\"user\",\"content\":\"[{\\\"type\\\":\\\"text\\\"}]\"}]"))
        .containsExactly(Message.text("user", "[{\"type\":\"text\"}]"));
    assertThat(
            span("x")
                .with("llm.input_messages.0.message.role", "user")
                .with("llm.input_messages.0.message.content", "{\"a\": 1}")
                .with("llm.model_name", "m")
                .read()
                .inputMessages())
        .containsExactly(Message.text("user", "{\"a\": 1}"));
  }

  // A limit on the number of attributes drops some of a list that was taken apart.
  @Test
  void messagesWhoseFirstOneWasDroppedMoveUp() {
    TestSpan llm = span("x").with("llm.request.type", "chat");
    for (int i : new int[] {10, 2, 7}) {
      llm.with("gen_ai.prompt." + i + ".content", "message " + i)
          .with("gen_ai.prompt." + i + ".role", "user");
    }
    assertThat(llm.read().inputMessages())
        .containsExactly(
            Message.text("user", "message 2"),
            Message.text("user", "message 7"),
            Message.text("user", "message 10"));
  }

  // With attributes dropped, a reason for one of two choices is no list of reasons.
  @Test
  void reasonsOfSomeChoicesAreNotClaimedForAll() {
    LlmSpan llm =
        span("x")
            .with("llm.request.type", "chat")
            .with("gen_ai.completion.0.content", "a")
            .with("gen_ai.completion.1.content", "b")
            .with("gen_ai.completion.1.finish_reason", "stop")
            .read();
    assertThat(llm.outputMessages()).hasSize(2);
    assertThat(llm.get(Slot.FINISH_REASONS)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{\"role\":\"user\",\"content\":\"one\"},{\"role\":\"user\",\"content\":\"tw",
        "[{\"role\":\"user\",\"content\":\"one\"},{\"role\":\"user\",\"content\":\"tw"
            + "...[TRUNCATED: original length 20000]",
        "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"one\"}]},{\"role\":\"us"
      })
  void whatWasCutOffIsReadAsFarAsItGoesAndWrittenWhole(String cut) {
    TestSpan span = chat().with("gen_ai.input.messages", cut);
    assertThat(span.read().inputMessages()).startsWith(Message.text("user", "one"));
    Json written = Json.parse((String) span.normalized().get("gen_ai.input.messages"));
    assertThat(written.truncated()).isFalse();
    assertThat(MessageReader.conforms(written)).isTrue();
  }

  @Test
  void cutOffPayloadOfWhichNothingIsLeftWritesNothingAndStays() {
    TestSpan span =
        chat().with("traceloop.entity.input", "{\"inputs\": {\"mess").with("llm.request.type", "x");
    assertThat(span.changes()).doesNotContainKey("gen_ai.input.messages");
    assertThat(span.normalized()).containsEntry("traceloop.entity.input", "{\"inputs\": {\"mess");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\ud83d", "\\ud83d\\ude", "\\", "\\u"})
  void textCutInsideACharacterIsStillWritten(String end) {
    Object written =
        chat()
            .with("gen_ai.input.messages", "[{\"role\":\"user\",\"content\":\"smile " + end)
            .normalized()
            .get("gen_ai.input.messages");
    assertThat(MessageParser.parse((String) written).get(0).parts().get(0))
        .isInstanceOfSatisfying(
            MessagePart.Text.class, text -> assertThat(text.content()).startsWith("smile "));
    assertThat(StandardCharsets.UTF_8.newEncoder().canEncode((String) written)).isTrue();
  }

  @Test
  void halfAPairOfSurrogatesIsReplacedInEveryAttributeThatIsWritten() {
    Map<String, Object> out =
        span("x")
            .with("llm.request.type", "chat")
            .with("gen_ai.prompt.0.content", "half \ud83d")
            .with("gen_ai.completion.0.content", "\ude00 half")
            .normalized();
    for (String key : List.of("gen_ai.input.messages", "gen_ai.output.messages")) {
      assertThat((String) out.get(key)).contains("half").contains("\ufffd");
    }
  }

  // Whoever str()s structures writes Python instead of JSON.
  @Test
  void pythonsPrintOfMessagesIsRead() {
    assertThat(input("[{'role': 'user', 'content': 'It\\'s ok', 'name': None}]"))
        .containsExactly(Message.text("user", "It's ok"));
  }
}
