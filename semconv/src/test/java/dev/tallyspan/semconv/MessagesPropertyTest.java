package dev.tallyspan.semconv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.internal.json.JsonWriter;
import io.opentelemetry.api.common.Value;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The JSON text of messages is that of the structured attribute. */
class MessagesPropertyTest {

  private static final List<String> NAMES =
      List.of("type", "content", "id", "name", "role", "parts", "finish_reason", "uri", "own", "");

  @Property(tries = 1000)
  void textAndStructureAreTheSame(@ForAll("messages") List<Message> messages) {
    assertThat(Messages.toJson(messages)).isEqualTo(JsonWriter.write(Messages.toValue(messages)));
  }

  @Provide
  Arbitrary<List<Message>> messages() {
    Arbitrary<String> text = texts().injectNull(0.2);
    return Combinators.combine(texts(), parts().list().ofMaxSize(4), text, text, extra())
        .as(Message::new)
        .list()
        .ofMaxSize(4);
  }

  private static Arbitrary<MessagePart> parts() {
    Arbitrary<String> text = texts();
    Arbitrary<String> id = texts().injectNull(0.3);
    return Arbitraries.oneOf(
        Combinators.combine(text, extra()).as(MessagePart.Text::new),
        Combinators.combine(text, extra()).as(MessagePart.Reasoning::new),
        Combinators.combine(text, extra()).as(MessagePart.Generic::new),
        Combinators.combine(id, text, values().injectNull(0.3), extra())
            .as(MessagePart.ToolCall::new),
        Combinators.combine(id, values(), extra()).as(MessagePart.ToolCallResponse::new),
        Combinators.combine(id, text, values(), extra()).as(MessagePart.ServerToolCall::new),
        Combinators.combine(id, values(), extra()).as(MessagePart.ServerToolCallResponse::new),
        Combinators.combine(id, text, text, extra()).as(MessagePart.Blob::new),
        Combinators.combine(id, text, text, extra()).as(MessagePart.StoredFile::new),
        Combinators.combine(id, text, text, extra()).as(MessagePart.Uri::new),
        Combinators.combine(id, id, extra()).as(MessagePart.Compaction::new));
  }

  private static Arbitrary<String> texts() {
    return Arbitraries.oneOf(
        Arbitraries.strings().ofMaxLength(40),
        Arbitraries.of("", "a\n\"b\"\\", "\ud83d\ude00", "\ud83d", "\u0001", "x".repeat(300)));
  }

  private static Arbitrary<Map<String, Value<?>>> extra() {
    return Arbitraries.maps(Arbitraries.of(NAMES), values()).ofMaxSize(3);
  }

  private static Arbitrary<Value<?>> values() {
    return Arbitraries.oneOf(
        texts().map(text -> (Value<?>) Value.of(text)),
        Arbitraries.longs().map(number -> (Value<?>) Value.of(number)),
        Arbitraries.doubles().map(number -> (Value<?>) Value.of(number)),
        Arbitraries.of(
            TestSpan.value(List.of("a", 1L, Map.of("k", true))),
            TestSpan.value(Map.of()),
            TestSpan.value(null),
            Value.of(new byte[] {1, 2})));
  }
}
