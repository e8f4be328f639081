package dev.tallyspan.semconv.internal.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.Messages;
import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.internal.json.ContentLimit;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.json.JsonWriter;
import dev.tallyspan.semconv.read.MessageParser;
import io.opentelemetry.api.common.Value;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class MessagesPropertyTest {

  @Property(tries = 500)
  void anyJsonGivesMessagesThatConform(@ForAll("json") Object json) {
    List<Message> messages = MessageParser.parse(TestSpan.value(json));
    Json written = Json.parse(Messages.toJson(messages));
    assertThat(MessageReader.conforms(written)).isTrue();
    assertThat(MessageParser.parse(written.value())).isEqualTo(messages);
  }

  @Property(tries = 300)
  void whatIsTooLongFitsAfterwardsAndStaysWhole(
      @ForAll("json") Object json, @ForAll @IntRange(min = 2, max = 400) int max) {
    Value<?> messages = Messages.toValue(MessageParser.parse(TestSpan.value(json)));
    String fitting = JsonWriter.write(ContentLimit.fit(messages, max));
    assertThat(fitting.length()).isLessThanOrEqualTo(max);
    assertThat(MessageReader.conforms(Json.parse(fitting))).isTrue();
  }

  @Property(tries = 300)
  void everyContentAttributeStaysReadable(
      @ForAll("json") Object json, @ForAll("contentKeys") String key) {
    Map<String, Object> out =
        TestSpan.chat().with(key, JsonWriter.write(TestSpan.value(json))).normalized();
    for (String messages : List.of("gen_ai.input.messages", "gen_ai.output.messages")) {
      Object written = out.get(messages);
      if (written instanceof String text && !text.equals(JsonWriter.write(TestSpan.value(json)))) {
        assertThat(MessageReader.conforms(Json.parse(text))).isTrue();
      }
    }
  }

  @Provide
  Arbitrary<String> contentKeys() {
    return Arbitraries.of(
        "gen_ai.input.messages",
        "gen_ai.output.messages",
        "gen_ai.system_instructions",
        "gen_ai.tool.definitions",
        "gen_ai.tool.call.arguments",
        "gen_ai.retrieval.documents");
  }

  @Provide
  Arbitrary<Object> json() {
    return tree(4);
  }

  private static Arbitrary<Object> tree(int depth) {
    Arbitrary<Object> leaf =
        Arbitraries.oneOf(
            Arbitraries.strings().ofMaxLength(80).map(s -> (Object) s),
            Arbitraries.of(
                    "user",
                    "assistant",
                    "text",
                    "tool_use",
                    "image",
                    "data:a/b,xx",
                    "data:foo;base64,xx",
                    "data:",
                    "https://x.test/a",
                    "blob",
                    "file",
                    "uri",
                    "reasoning",
                    "tool_call",
                    "{\"")
                .map(s -> (Object) s),
            Arbitraries.integers().map(n -> (Object) n.longValue()),
            Arbitraries.of(true, false).map(b -> (Object) b));
    if (depth == 0) {
      return leaf;
    }
    Arbitrary<String> names =
        Arbitraries.of(
            "role",
            "content",
            "parts",
            "type",
            "text",
            "tool_calls",
            "function",
            "name",
            "arguments",
            "id",
            "image_url",
            "url",
            "source",
            "data",
            "message",
            "choices",
            "finish_reason",
            "functionCall",
            "inlineData",
            "response",
            "kwargs",
            "modality",
            "messages",
            "system",
            "audio",
            "reasoning_content",
            "output");
    return Arbitraries.oneOf(
        leaf,
        tree(depth - 1).list().ofMaxSize(3).map(l -> (Object) l),
        Arbitraries.maps(names, tree(depth - 1)).ofMaxSize(5).map(m -> (Object) m));
  }
}
