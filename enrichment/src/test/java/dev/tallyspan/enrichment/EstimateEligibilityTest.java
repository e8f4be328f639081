package dev.tallyspan.enrichment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.Messages;
import dev.tallyspan.semconv.read.Normalizer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EstimateEligibilityTest {

  private static final Normalizer NORMALIZER = Normalizer.create();

  private static final String ASKED =
      "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"Hello!\"}]}]";
  private static final String ANSWERED =
      "[{\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"content\":\"Hi.\"}],"
          + "\"finish_reason\":\"stop\"}]";

  @Test
  void chatOfPlainTextWithoutUsageIsCountable() {
    assertThat(judged(chat())).isEqualTo(EstimateEligibility.COUNTABLE);
    assertThat(
            judged(
                chat()
                    .with(
                        "gen_ai.system_instructions",
                        "[{\"type\":\"text\",\"content\":\"Be brief.\"}]")
                    .with("gen_ai.request.choice.count", 1)
                    .with("gen_ai.output.type", "text")))
        .isEqualTo(EstimateEligibility.COUNTABLE);
  }

  @ParameterizedTest
  @CsvSource({
    "gen_ai.usage.input_tokens, 12, HAS_USAGE",
    "gen_ai.usage.input_tokens, 0, HAS_USAGE",
    "gen_ai.usage.reasoning.output_tokens, 3, HAS_USAGE",
    "llm.usage.total_tokens, 7, HAS_USAGE",
    "gen_ai.request.choice.count, 2, CUT_OFF"
  })
  void countOnTheSpanSpeaksAgainstIt(String key, long count, EstimateEligibility expected) {
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
  void wordOnTheSpanSpeaksAgainstIt(String key, String value, EstimateEligibility expected) {
    assertThat(judged(chat().without(key).with(key, value))).isEqualTo(expected);
  }

  @Test
  void reportedCostNeedsNoCount() {
    assertThat(judged(chat().with("gen_ai.usage.cost", 0.01)))
        .isEqualTo(EstimateEligibility.HAS_COST);
  }

  @Test
  void failedSpanWithAnAnswerIsNotCounted() {
    assertThat(judged(chat().error())).isEqualTo(EstimateEligibility.FAILED);
  }

  @Test
  void callWithoutQuestionOrAnswerIsNotCounted() {
    assertThat(judged(chat().without("gen_ai.input.messages")))
        .isEqualTo(EstimateEligibility.NO_CONTENT);
    assertThat(judged(chat().without("gen_ai.output.messages")))
        .isEqualTo(EstimateEligibility.NO_CONTENT);
    assertThat(judged(asked("[{\"role\":\"user\",\"parts\":[]}]")))
        .isEqualTo(EstimateEligibility.NO_CONTENT);
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
  void otherPartThanTextIsNotCounted(String part, EstimateEligibility expected) {
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
        .isEqualTo(EstimateEligibility.HAS_TOOLS);
    assertThat(judged(chat().with("gen_ai.response.finish_reasons", List.of("tool_calls"))))
        .isEqualTo(EstimateEligibility.HAS_TOOLS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"Hel",
        "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"Call [REDACTED] now\"}]}]",
        "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"Hello\u2026[truncated]\"}]}]"
      })
  void contentThatWasCutOrMaskedIsNotCounted(String messages) {
    assertThat(judged(asked(messages))).isEqualTo(EstimateEligibility.CUT_OFF);
  }

  @ParameterizedTest
  @CsvSource({
    "1024, CUT_OFF",
    "4095, CUT_OFF",
    "12000, CUT_OFF",
    "1025, COUNTABLE",
    "64, COUNTABLE"
  })
  void textAsLongAsALimitIsTakenForCut(int length, EstimateEligibility expected) {
    assertThat(judged(asked(user("a".repeat(length))))).isEqualTo(expected);
  }

  @Test
  void droppedAttributesMayHaveBeenContent() {
    assertThat(judged(chat().lossy())).isEqualTo(EstimateEligibility.CUT_OFF);
  }

  private static EstimateEligibility judged(MapSpan span) {
    return EstimateEligibility.of(NORMALIZER.read(span), span);
  }

  private static MapSpan chat() {
    return MapSpan.chat("openai", "gpt-4o")
        .with("gen_ai.input.messages", ASKED)
        .with("gen_ai.output.messages", ANSWERED);
  }

  private static MapSpan asked(String messages) {
    return chat().without("gen_ai.input.messages").with("gen_ai.input.messages", messages);
  }

  private static String user(String text) {
    return Messages.toJson(List.of(Message.text("user", text)));
  }
}
