package dev.tallyspan.semconv.internal.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.json.JsonWriter;
import dev.tallyspan.semconv.read.MessageParser;
import dev.tallyspan.semconv.span.LlmSpan;
import dev.tallyspan.semconv.span.Slot;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaScanTest {

  private static final String WHOLE =
      "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"a \\\"b\\\" \\u00e9\\n\"},"
          + "{\"type\":\"tool_call\",\"id\":null,\"name\":\"f\",\"arguments\":{\"a\":[1,-2.5e3,true]}},"
          + "{\"type\":\"tool_call_response\",\"response\":{}}], \"finish_reason\":\"stop\"}]";

  private static boolean conforms(String text) {
    return conforms(SchemaScan.Kind.MESSAGES, text);
  }

  private static boolean conforms(SchemaScan.Kind kind, String text) {
    return SchemaScan.find(kind, text) != null;
  }

  @Test
  void contentInTheSchemasShapeIsToldWithoutReadingIt() {
    assertThat(conforms(WHOLE)).isTrue();
    assertThat(conforms(" [ { \"role\" : \"user\" , \"parts\" : [ ] } ] ")).isTrue();
    assertThat(
            conforms(
                SchemaScan.Kind.INSTRUCTIONS, "[{\"type\":\"text\",\"content\":\"Be kind.\"}]"))
        .isTrue();
    assertThat(
            conforms(
                SchemaScan.Kind.TOOLS,
                "[{\"type\":\"function\",\"name\":\"f\",\"parameters\":{\"x\":null}}]"))
        .isTrue();
  }

  @Test
  void textThatWasCutOffAnywhereIsNotAccepted() {
    for (int i = 0; i < WHOLE.length(); i++) {
      assertThat(conforms(WHOLE.substring(0, i))).isFalse();
      assertThat(conforms(WHOLE.substring(0, i) + "...")).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "Hi",
        "[{}]",
        "[\"Hi\"]",
        "[{\"role\":\"user\",\"content\":\"Hi\"}]",
        "[{\"role\":\"user\"}]",
        "[{\"role\":1,\"parts\":[]}]",
        "[{\"role\":\"user\",\"parts\":{}}]",
        "[{\"role\":\"user\",\"parts\":[],\"parts\":null}]",
        "[{\"role\":\"user\",\"parts\":[{}]}]",
        "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\"}]}]",
        "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":1}]}]",
        "[{\"role\":\"user\",\"parts\":[{\"type\":\"te\\u0078t\",\"content\":1}]}]",
        "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"a\",\"content\":1}]}]",
        "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"a\",\"cont\\u0065nt\":1}]}]",
        "[{\"role\":\"user\",\"parts\":[{\"type\":\"tool_call\",\"id\":\"1\"}]}]",
        "[{\"role\":\"user\",\"parts\":[{\"type\":\"tool_call_response\",\"response\":null}]}]",
        "[{\"role\":\"user\",\"parts\":[{'type':'text','content':'a'}]}]",
        "[{\"role\":\"user\",\"parts\":[{\"type\":\"x\",\"n\":True}]}]",
        "[{\"role\":\"user\",\"parts\":[{\"type\":\"x\",\"n\":1.}]}]",
        "[{\"role\":\"user\",\"parts\":[{\"type\":\"x\",\"n\":\"\\q\"}]}]",
        "[{\"role\":\"user\",\"parts\":[{\"type\":\"x\",\"n\":\"\\u00g0\"}]}]",
        "[{\"role\":\"user\",\"parts\":[]}]]",
        "[{\"role\":\"user\",\"parts\":[]},]"
      })
  void whatIsInDoubtIsLeftToTheReaders(String text) {
    assertThat(conforms(text)).isFalse();
  }

  @Test
  void depthIsBounded() {
    String deep = "[".repeat(100_000);
    assertThat(conforms("[{\"role\":\"user\",\"parts\":[{\"type\":\"x\",\"n\":" + deep)).isFalse();
  }

  @Test
  void contentThatIsLeftUnreadIsReadWhenAskedFor() {
    LlmSpan llm = TestSpan.chat().with("gen_ai.input.messages", WHOLE).read();
    assertThat(llm.reading(Slot.INPUT_MESSAGES).unread()).isNotNull();
    assertThat(llm.inputMessages()).isEqualTo(MessageParser.parse(WHOLE));
    assertThat(llm.readings()).anyMatch(r -> r.slot().equals("input_messages"));
  }

  @Test
  void reasonOfAnAnswerThatIsLeftUnreadIsStillFound() {
    assertThat(TestSpan.chat().with("gen_ai.output.messages", WHOLE).normalized())
        .containsEntry("gen_ai.response.finish_reasons", List.of("stop"))
        .containsEntry("gen_ai.output.messages", WHOLE);
  }

  @Test
  void slotsOfContentHaveOneNameInBothGenerations() {
    assertThat(Slot.all())
        .filteredOn(Slot::isContent)
        .allSatisfy(
            slot ->
                assertThat(slot.key(ConventionVersion.CORE_1_41))
                    .isEqualTo(slot.key(ConventionVersion.GENAI_DEV)));
  }

  /** What makes it right to leave content unread: the readers would have found it whole. */
  @Property(tries = 3000)
  void whatIsAcceptedTheReadersReadInFull(@ForAll("texts") String text) {
    Json opened = Json.of(text).unwrap();
    if (conforms(text)) {
      assertThat(MessageReader.conforms(opened)).isTrue();
      assertThat(opened.truncated()).isFalse();
      assertThat(Coercion.INPUT_MESSAGES.apply(opened)).isNotNull();
      assertThat(Coercion.OUTPUT_MESSAGES.apply(opened)).isNotNull();
    }
    if (conforms(SchemaScan.Kind.INSTRUCTIONS, text)) {
      assertThat(MessageReader.partsConform(opened)).isTrue();
      assertThat(opened.truncated()).isFalse();
      assertThat(Coercion.INSTRUCTIONS.apply(opened)).isNotNull();
    }
    if (conforms(SchemaScan.Kind.TOOLS, text)) {
      assertThat(ToolDefinitions.conforms(opened)).isTrue();
      assertThat(opened.truncated()).isFalse();
      assertThat(Coercion.TOOL_DEFINITIONS.apply(opened)).isNotNull();
    }
  }

  /** JSON near the schema, whole or with a character lost or put in. */
  @Provide
  Arbitrary<String> texts() {
    Arbitrary<Object> leaf =
        Arbitraries.of(
            "text", "tool_call", "user", "", "a\"\\b", 1L, -0.5, true, Map.of(), List.of());
    Arbitrary<String> name =
        Arbitraries.of("type", "content", "name", "response", "role", "parts", "description", "x");
    Arbitrary<Map<String, Object>> part = Arbitraries.maps(name, leaf).ofMaxSize(4);
    Arbitrary<Object> good =
        Arbitraries.of(
            Map.of("type", "text", "content", "Hi"),
            Map.of("type", "tool_call", "name", "f", "arguments", Map.of("a", 1L)),
            Map.of("type", "function", "name", "f", "parameters", Map.of()));
    Arbitrary<List<Object>> parts =
        Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(1, part.map(p -> (Object) p)),
                net.jqwik.api.Tuple.of(3, good))
            .list()
            .ofMaxSize(3);
    Arbitrary<Object> message =
        parts.map(p -> (Object) Map.of("role", "user", "parts", p)).injectDuplicates(0.1);
    Arbitrary<String> json =
        Arbitraries.oneOf(parts.map(p -> (Object) p), message.list().ofMaxSize(3).map(m -> m))
            .map(value -> JsonWriter.write(TestSpan.value(value)));
    return Combinators.combine(
            json, Arbitraries.integers().between(0, 400), Arbitraries.of("", "x", "\"", "...", ","))
        .as(
            (text, at, put) ->
                at >= text.length() ? text : text.substring(0, at) + put + text.substring(at + 1));
  }
}
