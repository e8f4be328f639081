package dev.tallyspan.semconv.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.span.LlmSpan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/**
 * Messages that are written without being read. A normalizer that notes where everything came from
 * reads everything.
 */
class WrittenMessagesPropertyTest {

  private static final Normalizer WRITES = Normalizer.create();
  private static final Normalizer READS = Normalizer.builder().noteOriginals(true).build();

  @Property(tries = 1500)
  void flatKeysAreWrittenAsTheyAreRead(@ForAll("conversations") Map<String, Object> attributes) {
    TestSpan span = TestSpan.span("ChatOpenAI").with(attributes);
    assertThat(span.changes(WRITES)).isEqualTo(span.changes(READS));
    LlmSpan written = Objects.requireNonNull(WRITES.read(span));
    LlmSpan read = Objects.requireNonNull(READS.read(span));
    assertThat(written.readings()).isEqualTo(read.readings());
  }

  @Test
  void aPayloadIsWrittenAsItIsRead() {
    TestSpan span =
        TestSpan.span("ai.generateText.doGenerate")
            .with(
                Map.of(
                    "ai.operationId",
                    "ai.generateText.doGenerate",
                    "ai.prompt.messages",
                    "[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"\u00e9\\n\"}]}]"));
    assertThat(span.changes(WRITES))
        .isEqualTo(span.changes(READS))
        .containsEntry(
            "gen_ai.input.messages",
            "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"\u00e9\\n\"}]}]");
  }

  @Provide
  Arbitrary<Map<String, Object>> conversations() {
    Arbitrary<Map<String, Object>> messages =
        message().list().ofMinSize(1).ofMaxSize(4).map(WrittenMessagesPropertyTest::numbered);
    return Combinators.combine(
            messages,
            Arbitraries.of("", "{\"system\":\"Be kind.\"}"),
            Arbitraries.of(
                "",
                "[{\"role\":\"user\",\"content\":\"Hi\"},{\"role\":\"tool\",\"content\":\"1\"}]"))
        .as(
            (flat, parameters, payload) -> {
              Map<String, Object> all = new LinkedHashMap<>(flat);
              all.put("openinference.span.kind", "LLM");
              all.put("llm.invocation_parameters", parameters);
              all.put("input.value", payload);
              return all;
            });
  }

  private static Map<String, Object> numbered(List<Map<String, Object>> messages) {
    Map<String, Object> all = new LinkedHashMap<>();
    for (int i = 0; i < messages.size(); i++) {
      String prefix = "llm.input_messages." + i + ".";
      messages.get(i).forEach((key, value) -> all.put(prefix + key, value));
    }
    return all;
  }

  private static Arbitrary<Map<String, Object>> message() {
    Arbitrary<Object> role =
        Arbitraries.of("user", "user", "assistant", "tool", "system", "model", "User", "x");
    Arbitrary<String> key =
        Arbitraries.of(
            "message.content",
            "message.content",
            "message.content",
            "message.name",
            "message.tool_call_id",
            "message.tool_calls.0.tool_call.id",
            "message.tool_calls.0.tool_call.function.name",
            "message.tool_calls.0.tool_call.function.arguments",
            "message.tool_calls.1.tool_call.function.name",
            "message.contents.0.message_content.type",
            "message.contents.0.message_content.text",
            "message.contents.1.message_content.text",
            "message.function_call_name",
            "message",
            "finish_reason");
    Arbitrary<Object> value =
        Arbitraries.of(
            "Hi",
            "text",
            "",
            " ",
            "c1",
            "\u00e9 \"\ud83d\ude00\"\n",
            "{\"a\": 1.50}",
            "{'a': None}",
            "[cut",
            "\"[1]\"",
            7L,
            List.of("a"));
    return Combinators.combine(role, Arbitraries.maps(key, value).ofMaxSize(4))
        .as(
            (r, members) -> {
              Map<String, Object> all = new LinkedHashMap<>(members);
              all.put("message.role", r);
              return all;
            });
  }
}
