package dev.tallyspan.semconv.internal.message;

import static dev.tallyspan.semconv.TestSpan.chat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.ContentFormat;
import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.read.Normalizer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EndingsTest {

  private static final String OUTPUT = "gen_ai.output.messages";
  private static final String REASONS = "gen_ai.response.finish_reasons";
  private static final String ANSWER =
      "{\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"content\":\"Hi\"}]}";
  private static final String CALL =
      "{\"role\":\"assistant\",\"parts\":[{\"type\":\"tool_call\",\"name\":\"f\"}]}";

  private static List<String> reasons(TestSpan span) {
    return reasons(span, Normalizer.create());
  }

  private static List<String> reasons(TestSpan span, Normalizer normalizer) {
    List<String> reasons = new ArrayList<>();
    for (Json message : Json.of(TestSpan.value(span.normalized(normalizer).get(OUTPUT))).unwrap()) {
      reasons.add(message.get("finish_reason").text());
    }
    return reasons;
  }

  @ParameterizedTest
  @EnumSource(ConventionVersion.class)
  void messageThatIsReadSaysWhyItEndedInEveryGeneration(ConventionVersion target) {
    TestSpan span =
        chat()
            .with(OUTPUT, "[{\"role\":\"assistant\",\"content\":\"Hi\"}]")
            .with(REASONS, List.of("max_tokens"));
    assertThat(reasons(span, Normalizer.builder().target(target).build()))
        .containsExactly("length");
  }

  @Test
  void messageInTheSchemasShapeKeepsItsTextAndGetsTheReason() {
    String spaced = "[ " + ANSWER.replace("}]}", "} ] , \"name\":\"a\"  }") + " ]";
    assertThat(chat().with(OUTPUT, spaced).with(REASONS, List.of("end_turn")).normalized())
        .containsEntry(OUTPUT, spaced.replace("\"a\"  }", "\"a\"  ,\"finish_reason\":\"stop\"}"));
  }

  @Test
  void membersThatTheSchemaDoesNotKnowStayWhereTheReasonIsAdded() {
    String own = ANSWER.replace("{\"role\"", "{\"id\":\"m1\",\"role\"");
    assertThat(chat().with(OUTPUT, "[" + own + "]").normalized())
        .containsEntry(
            OUTPUT, "[" + own.substring(0, own.length() - 1) + ",\"finish_reason\":\"stop\"}]");
  }

  @Test
  void reasonOfTheMessageItselfStands() {
    String own = "[" + ANSWER.replace("]}", "],\"finish_reason\":\"length\"}") + "]";
    assertThat(chat().with(OUTPUT, own).with(REASONS, List.of("stop")).changes())
        .doesNotContainKey(OUTPUT);
  }

  @Test
  void reasonThatSaysNothingIsReplaced() {
    for (String nothing : List.of("null", "\"\"", "\"None\"")) {
      String own = "[" + ANSWER.replace("]}", "],\"finish_reason\":" + nothing + "}") + "]";
      assertThat(reasons(chat().with(OUTPUT, own))).containsExactly("stop");
    }
  }

  @Test
  void eachChoiceHasItsReason() {
    assertThat(
            reasons(
                chat()
                    .with(OUTPUT, "[" + ANSWER + "," + ANSWER + "]")
                    .with(REASONS, List.of("stop", "content-filter"))))
        .containsExactly("stop", "content_filter");
  }

  @Test
  void oneReasonIsThatOfTheLastOfSeveralMessages() {
    assertThat(
            reasons(
                chat()
                    .with(OUTPUT, "[" + CALL + "," + ANSWER + "]")
                    .with(REASONS, List.of("length"))))
        .containsExactly("tool_call", "length");
  }

  @Test
  void callOfToolEndsMessageWithoutReason() {
    assertThat(reasons(chat().with(OUTPUT, "[" + ANSWER + "," + CALL + "]")))
        .containsExactly("stop", "tool_call");
    assertThat(
            reasons(
                chat()
                    .with(
                        OUTPUT,
                        "[{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"1\",\"function\":"
                            + "{\"name\":\"f\",\"arguments\":\"{}\"}}]}]")))
        .containsExactly("tool_call");
  }

  @Test
  void failureEndsLastMessageWithoutReason() {
    assertThat(reasons(chat().error().with(OUTPUT, "[" + ANSWER + "," + ANSWER + "]")))
        .containsExactly("stop", "error");
    assertThat(reasons(chat().with("error.type", "timeout").with(OUTPUT, "Hel")))
        .containsExactly("error");
  }

  @Test
  void structuredMessagesGetTheReasonAsWell() {
    Normalizer structured = Normalizer.builder().content(ContentFormat.STRUCTURED).build();
    TestSpan span = chat().with(OUTPUT, Json.parse("[" + ANSWER + "]").value());
    assertThat(reasons(span, structured)).containsExactly("stop");
    assertThat(reasons(span)).containsExactly("stop");
  }

  @Test
  void inputNeedsNoReason() {
    assertThat(chat().with("gen_ai.input.messages", "[" + ANSWER + "]").changes())
        .doesNotContainKey("gen_ai.input.messages");
  }
}
