package dev.tallyspan.semconv.internal.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart.ToolCall;
import dev.tallyspan.semconv.Messages;
import dev.tallyspan.semconv.internal.json.Json;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written without being read is what the reader reads, in every message. */
class MessageTranscriberPropertyTest {

  private static List<Message> read(String text) {
    return MessageReader.input().read(Json.of(text));
  }

  @Property(tries = 5000)
  void whatIsWrittenIsWhatIsRead(@ForAll("lists") String text) {
    WrittenMessages written = MessageTranscriber.ofInput(text);
    if (written != null) {
      List<Message> read = read(text);
      assertThat(written.json().toString()).isEqualTo(Messages.toJson(read));
      assertThat(written.get()).isEqualTo(read);
      assertThat(written.hasSystem()).isEqualTo(hasSystem(read));
      assertThat(written.callsTool()).isEqualTo(calls(read, /* withoutId= */ false));
      assertThat(written.hasGap()).isEqualTo(hasGap(read));
    }
  }

  private static boolean hasSystem(List<Message> messages) {
    return messages.stream().anyMatch(message -> message.role().equals("system"));
  }

  private static boolean hasGap(List<Message> messages) {
    return calls(messages, /* withoutId= */ true)
        || messages.stream().anyMatch(message -> message.parts().isEmpty());
  }

  private static boolean calls(List<Message> messages, boolean withoutId) {
    return messages.stream()
        .flatMap(message -> message.parts().stream())
        .anyMatch(part -> part instanceof ToolCall call && !(withoutId && call.id() != null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // OpenAI
        "[{\"role\":\"system\",\"content\":\"Be \\\"kind\\\".\\n\"},{\"role\":\"user\",\"content\":\"Hi\"}]",
        "[{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"c\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":1}\"}}]},"
            + "{\"role\":\"tool\",\"tool_call_id\":\"c\",\"content\":\"[1,2]\"}]",
        "[{\"role\":\"user\",\"name\":\"Ann\",\"content\":[{\"type\":\"text\",\"text\":\"Hi\"},\"there\"]}]",
        // Anthropic
        "[{\"role\":\"assistant\",\"content\":[{\"type\":\"tool_use\",\"id\":\"c\",\"name\":\"f\",\"input\":{\"a\":[1.50]}}]},"
            + "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"c\",\"content\":\"21\"}]}]",
        "[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"Hi\",\"cache_control\":{\"type\":\"ephemeral\"}}]}]",
        // AI SDK
        "[{\"role\":\"assistant\",\"content\":[{\"type\":\"reasoning\",\"text\":\"Hm\"},{\"type\":\"tool-call\",\"toolCallId\":\"c\",\"toolName\":\"f\",\"input\":{}}]},"
            + "{\"role\":\"tool\",\"content\":[{\"type\":\"tool-result\",\"toolCallId\":\"c\",\"toolName\":\"f\",\"output\":{\"type\":\"json\",\"value\":{\"b\":2}}}]}]"
      })
  void usualMessagesAreNotRead(String text) {
    WrittenMessages written = MessageTranscriber.ofInput(text);
    assertThat(written).isNotNull();
    assertThat(written.json().toString()).isEqualTo(Messages.toJson(read(text)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "Hi",
        "{\"role\":\"user\",\"content\":\"Hi\"}",
        "[\"Hi\"]",
        "[{\"content\":\"Hi\"}]",
        "[{\"role\":\"critic\",\"content\":\"Hi\"}]",
        "[{\"role\":\"user\",\"content\":\"Hi\"}",
        "[{\"role\":\"user\",\"content\":{\"a\":1}}]",
        "[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"u\"}}]}]",
        "[{\"role\":\"assistant\",\"content\":\"Hi\",\"refusal\":\"\"}]",
        "[{\"role\":\"assistant\",\"content\":\"\",\"reasoning_content\":\"Hm\"}]",
        "[{\"role\":\"tool\",\"tool_call_id\":\"c\",\"content\":\"{'a': 1}\"}]",
        "[{\"role\":\"tool\",\"tool_call_id\":\"c\",\"content\":\"[cut\"}]",
        "[{\"type\":\"reasoning\",\"role\":\"assistant\"},{\"type\":\"function_call\",\"name\":\"f\"}]"
      })
  void everythingElseIsRead(String text) {
    assertThat(MessageTranscriber.ofInput(text)).isNull();
  }

  @Provide
  Arbitrary<String> lists() {
    return object(messageMember())
        .list()
        .ofMaxSize(4)
        .map(all -> "[" + String.join(",", all) + "]");
  }

  private static Arbitrary<String> object(Arbitrary<String> member) {
    return member.list().ofMaxSize(5).map(members -> "{" + String.join(",", members) + "}");
  }

  private static Arbitrary<String> messageMember() {
    return Arbitraries.frequencyOf(
        net.jqwik.api.Tuple.of(
            6,
            member(
                Arbitraries.of("role"),
                Arbitraries.of(
                    "\"user\"",
                    "\"assistant\"",
                    "\"tool\"",
                    "\"system\"",
                    "\"developer\"",
                    "\"ai\"",
                    "\"User\"",
                    "\"x\""))),
        net.jqwik.api.Tuple.of(5, member(Arbitraries.of("content"), content())),
        net.jqwik.api.Tuple.of(2, member(Arbitraries.of("tool_calls", "toolCalls"), calls())),
        net.jqwik.api.Tuple.of(
            2, member(Arbitraries.of("tool_call_id", "toolCallId", "id", "name"), text())),
        net.jqwik.api.Tuple.of(
            1,
            member(
                Arbitraries.of(
                    "type",
                    "refusal",
                    "parts",
                    "contents",
                    "reasoning",
                    "finish_reason",
                    "annotations",
                    "additional_kwargs",
                    "function_call",
                    "kwargs",
                    "message",
                    "output",
                    "providerOptions"),
                Arbitraries.oneOf(Arbitraries.just("null"), value()))));
  }

  private static Arbitrary<String> member(Arbitrary<String> name, Arbitrary<String> value) {
    return Combinators.combine(name, value).as((n, v) -> "\"" + n + "\":" + v);
  }

  private static Arbitrary<String> text() {
    return Arbitraries.of(
        "\"\"",
        "\" \"",
        "\"Hi \\\"there\\\"\\n\"",
        "\"\u00e9 \ud83d\ude00\"",
        "\"\\u00e9\\/\"",
        "\"\\ud83d\"",
        "\"c\"",
        "\"{\\\"a\\\": 1.50}\"",
        "\" [1, \\\"2\\\"]\"",
        "\"{'a': None}\"",
        "\"[cut\"",
        "\"\\\"[1]\\\"\"",
        "\"\\u00a0{}\"");
  }

  private static Arbitrary<String> value() {
    return Arbitraries.oneOf(
        text(),
        Arbitraries.of(
            "1",
            "-0",
            "2.50",
            "true",
            "null",
            "{}",
            "[]",
            "{\"a\":[1,{\"b\":null}]}",
            "[{\"type\":\"text\",\"text\":\"one\"}]",
            "{\"type\":\"json\",\"value\":{\"a\":1}}",
            "{\"text\":\"a\"}",
            "[{\"text\":\"{}\"}]",
            "{\"a\":1,\"a\":2}"));
  }

  private static Arbitrary<String> content() {
    return Arbitraries.oneOf(
        text(),
        value(),
        Arbitraries.oneOf(object(partMember()), object(partMember()), text())
            .list()
            .ofMaxSize(3)
            .map(parts -> "[" + String.join(",", parts) + "]"));
  }

  private static Arbitrary<String> partMember() {
    return Arbitraries.oneOf(
        member(
            Arbitraries.of("type"),
            Arbitraries.of(
                "\"text\"",
                "\"text\"",
                "\"tool-call\"",
                "\"tool_use\"",
                "\"tool-result\"",
                "\"tool_result\"",
                "\"reasoning\"",
                "\"thinking\"",
                "\"image\"",
                "\"tool_call\"")),
        member(Arbitraries.of("text", "text", "content", "thinking", "value"), text()),
        member(Arbitraries.of("id", "toolCallId", "tool_use_id", "toolName", "name"), text()),
        member(Arbitraries.of("input", "args", "output", "result", "content"), value()),
        member(
            Arbitraries.of("cache_control", "status", "summary", "function", "x", "tool_call"),
            value()));
  }

  private static Arbitrary<String> calls() {
    Arbitrary<String> function =
        object(
            Arbitraries.oneOf(
                member(Arbitraries.of("name"), text()),
                member(Arbitraries.of("arguments"), Arbitraries.oneOf(text(), value()))));
    return object(
            Arbitraries.oneOf(
                member(Arbitraries.of("id"), text()),
                member(Arbitraries.of("function"), function),
                member(Arbitraries.of("function"), function),
                member(Arbitraries.of("type", "index", "name", "arguments", "x"), value())))
        .list()
        .ofMaxSize(2)
        .map(calls -> "[" + String.join(",", calls) + "]");
  }
}
