package dev.tallyspan.semconv.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.Messages;
import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.span.LlmSpan;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CountabilityTest {

  private static final String ASKED =
      "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"Hello!\"}]}]";
  private static final String ANSWERED =
      "[{\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"content\":\"Hi.\"}],"
          + "\"finish_reason\":\"stop\"}]";

  @Test
  void chatOfPlainTextWithoutUsageIsCountable() {
    assertThat(judged(chat())).isEqualTo(Countability.COUNTABLE);
    assertThat(
            judged(
                chat()
                    .with(
                        "gen_ai.system_instructions",
                        "[{\"type\":\"text\",\"content\":\"Be brief.\"}]")
                    .with("gen_ai.request.choice.count", 1)
                    .with("gen_ai.output.type", "text")))
        .isEqualTo(Countability.COUNTABLE);
  }

  @ParameterizedTest
  @CsvSource({
    "gen_ai.usage.input_tokens, 12, HAS_USAGE",
    "gen_ai.usage.input_tokens, 0, HAS_USAGE",
    "gen_ai.usage.reasoning.output_tokens, 3, HAS_USAGE",
    "llm.usage.total_tokens, 7, HAS_USAGE",
    "gen_ai.request.choice.count, 2, CUT_OFF"
  })
  void countOnTheSpanSpeaksAgainstIt(String key, long count, Countability expected) {
    assertThat(judged(chat().with(key, count))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "gen_ai.operation.name, invoke_agent, NOT_A_CALL",
    "gen_ai.operation.name, embeddings, NOT_CHAT",
    "error.type, timeout, FAILED",
    "gen_ai.output.type, json, HIDDEN_CONTEXT",
    "gen_ai.request.previous_response.id, resp_1, HIDDEN_CONTEXT",
    "gen_ai.request.reasoning.level, high, HIDDEN_CONTEXT",
    "tallyspan.cost.status, unpriced, PROCESSED_BEFORE"
  })
  void wordOnTheSpanSpeaksAgainstIt(String key, String value, Countability expected) {
    assertThat(judged(chat().without(key).with(key, value))).isEqualTo(expected);
  }

  @Test
  void reportedCostNeedsNoCount() {
    assertThat(judged(chat().with("gen_ai.usage.cost", 0.01))).isEqualTo(Countability.HAS_COST);
  }

  @Test
  void failedSpanWithAnAnswerIsNotCounted() {
    assertThat(judged(chat().error())).isEqualTo(Countability.FAILED);
  }

  @Test
  void callWithoutQuestionOrAnswerIsNotCounted() {
    assertThat(judged(chat().without("gen_ai.input.messages"))).isEqualTo(Countability.NO_CONTENT);
    assertThat(judged(chat().without("gen_ai.output.messages"))).isEqualTo(Countability.NO_CONTENT);
    assertThat(judged(asked("[{\"role\":\"user\",\"parts\":[]}]")))
        .isEqualTo(Countability.NO_CONTENT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"type\":\"uri\",\"modality\":\"image\",\"uri\":\"https://x/y.png\"}   | NOT_TEXT",
        "{\"type\":\"blob\",\"modality\":\"audio\",\"content\":\"AAAA\"}         | NOT_TEXT",
        "{\"type\":\"tool_call_response\",\"id\":\"1\",\"response\":\"{}\"}      | HAS_TOOLS",
        "{\"type\":\"reasoning\",\"content\":\"Hm.\"}                            | HIDDEN_CONTEXT"
      })
  void otherPartThanTextIsNotCounted(String part, Countability expected) {
    String text = "{\"type\":\"text\",\"content\":\"Look.\"}";
    assertThat(judged(asked("[{\"role\":\"user\",\"parts\":[" + text + "," + part + "]}]")))
        .isEqualTo(expected);
  }

  @Test
  void toolsThatWereOfferedOrCalledAreNotCounted() {
    assertThat(
            judged(
                chat()
                    .with(
                        "gen_ai.tool.definitions",
                        "[{\"type\":\"function\",\"name\":\"weather\"}]")))
        .isEqualTo(Countability.HAS_TOOLS);
    assertThat(judged(chat().with("gen_ai.response.finish_reasons", List.of("tool_calls"))))
        .isEqualTo(Countability.HAS_TOOLS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"Hel",
        "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"Call [REDACTED] now\"}]}]",
        "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"Hello\u2026[truncated]\"}]}]"
      })
  void contentThatWasCutOrMaskedIsNotCounted(String messages) {
    assertThat(judged(asked(messages))).isEqualTo(Countability.CUT_OFF);
  }

  @ParameterizedTest
  @CsvSource({
    "1024, CUT_OFF",
    "4095, CUT_OFF",
    "12000, CUT_OFF",
    "1025, COUNTABLE",
    "64, COUNTABLE"
  })
  void textAsLongAsALimitIsTakenForCut(int length, Countability expected) {
    assertThat(judged(asked(user("a".repeat(length))))).isEqualTo(expected);
  }

  @Test
  void droppedAttributesMayHaveBeenContent() {
    assertThat(judged(chat().lossy())).isEqualTo(Countability.CUT_OFF);
  }

  @Test
  void estimateIsWrittenAsSuch() {
    TestSpan span = chat();
    LlmSpan estimated = span.read().withEstimatedUsage(8, 3, "jtokkit/o200k_base@1.1.0");

    assertThat(TestSpan.edits(edits -> Normalizer.create().render(estimated, span, edits)))
        .contains(
            entry("gen_ai.usage.input_tokens", 8L),
            entry("gen_ai.usage.output_tokens", 3L),
            entry("tallyspan.usage.source", "estimated"),
            entry("tallyspan.usage.estimator", "jtokkit/o200k_base@1.1.0"))
        .doesNotContainKey("gen_ai.usage.cache_read.input_tokens");
    assertThat(estimated.billableCounts()).isEqualTo(Map.of("input", 8L, "output", 3L));
  }

  @Test
  void estimateIsReadBackAsSuch() {
    LlmSpan again =
        chat()
            .with("gen_ai.usage.input_tokens", 8)
            .with("tallyspan.usage.source", "estimated")
            .with("tallyspan.cost.status", "priced")
            .read();
    assertThat(again.alreadyProcessed()).isTrue();
    assertThat(again.usage().source()).isEqualTo(TokenUsage.Source.ESTIMATED);
  }

  @Test
  void reportedUsageIsNeverReplaced() {
    LlmSpan reported = chat().with("gen_ai.usage.input_tokens", 12).read();
    assertThatThrownBy(() -> reported.withEstimatedUsage(8, 3, "other"))
        .isInstanceOf(IllegalStateException.class);
  }

  private static Countability judged(TestSpan span) {
    return Countability.of(span.read(), span);
  }

  private static TestSpan chat() {
    return TestSpan.chat()
        .with("gen_ai.input.messages", ASKED)
        .with("gen_ai.output.messages", ANSWERED);
  }

  private static TestSpan asked(String messages) {
    return chat().without("gen_ai.input.messages").with("gen_ai.input.messages", messages);
  }

  private static String user(String text) {
    return Messages.toJson(List.of(Message.text("user", text)));
  }
}
