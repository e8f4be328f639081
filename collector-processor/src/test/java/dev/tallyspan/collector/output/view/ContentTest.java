package dev.tallyspan.collector.output.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ContentTest {

  @Test
  void textsAreCutAtFourThousandCharacters() {
    Content content =
        Rows.chat("a", "gpt-4o")
            .with("gen_ai.input.messages", List.of(message("user", "q".repeat(5_000))))
            .with("gen_ai.output.messages", List.of(message("assistant", "a".repeat(5_000))))
            .row()
            .llm()
            .content();

    assertThat(content.asked()).hasSize(4_000);
    assertThat(content.answers()).singleElement().asString().hasSize(4_000);
    assertThat(content.characters()).isEqualTo(8_000);
  }

  @Test
  void questionIsTheLastMessageOfTheUser() {
    assertThat(
            asked(message("user", "first"), message("user", "second"), message("assistant", "no")))
        .isEqualTo("second");
  }

  @Test
  void questionIsTheFirstMessageIfNoneIsOfTheUser() {
    assertThat(asked(message("system", "rules"), message("assistant", "no"))).isEqualTo("rules");
  }

  @Test
  void longListOfDocumentsIsNotWrittenOut() {
    Content content =
        Rows.span("a", "retrieval")
            .with("gen_ai.operation.name", "retrieval")
            .with(
                "gen_ai.retrieval.documents",
                Collections.nCopies(2_000, Map.of("id", "0123456789")))
            .row()
            .llm()
            .content();

    assertThat(content.documents()).startsWith("2000: 0123456789, 0123456789");
    assertThat(content.documents().length()).isBetween(4_000, 4_012);
  }

  @Test
  void textIsShownUnchangedAndOtherValuesAsJson() {
    Value<?> object =
        Value.of(
            KeyValue.of("a", Value.of(true)),
            KeyValue.of("b", Value.of(Value.of(1), Value.of("x"))),
            KeyValue.of("c", Value.of(new byte[3])));

    assertThat(ValueText.of(Value.of("say \"hi\""), 100)).isEqualTo("say \"hi\"");
    assertThat(ValueText.of(object, 100))
        .isEqualTo("{\"a\": true, \"b\": [1, \"x\"], \"c\": <3 bytes>}");
  }

  @Test
  void valueStopsAtItsLimit() {
    Value<?> many = Value.of(Collections.<Value<?>>nCopies(1_000_000, Value.of(7)));

    assertThat(ValueText.of(Value.of("abcdef"), 4)).isEqualTo("abcd");
    assertThat(ValueText.of(many, 10)).isEqualTo("[7, 7, 7, ");
    assertThat(ValueText.of(Value.of(Value.of("abcdef")), 4)).isEqualTo("[\"ab");
  }

  @Test
  void deepValueIsNotFollowedToItsEnd() {
    Value<?> deep = Value.of("core");
    for (int i = 0; i < 10_000; i++) {
      deep = Value.of(deep, Value.of(1));
    }

    assertThat(ValueText.of(deep, 1_000))
        .startsWith("[".repeat(41) + "..., ")
        .doesNotContain("core");
  }

  private static String asked(Map<?, ?>... messages) {
    return Rows.chat("a", "gpt-4o")
        .with("gen_ai.input.messages", List.of(messages))
        .row()
        .llm()
        .content()
        .asked();
  }

  private static Map<?, ?> message(String role, String text) {
    return Map.of("role", role, "parts", List.of(Map.of("type", "text", "content", text)));
  }
}
