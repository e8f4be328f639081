package dev.tallyspan.semconv.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.Evaluation;
import dev.tallyspan.semconv.TestLog;
import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.content.ContentKeys;
import org.junit.jupiter.api.Test;

class EvaluationsTest {

  private static final String RESULT = "gen_ai.evaluation.result";

  @Test
  void eventOfTheConventionsIsAnEvaluation() {
    TestSpan span =
        TestSpan.chat()
            .event(
                RESULT,
                "gen_ai.evaluation.name",
                "Relevance",
                "gen_ai.evaluation.score.value",
                4.0,
                "gen_ai.evaluation.score.label",
                "relevant",
                "gen_ai.evaluation.explanation",
                "It answers the question.",
                "gen_ai.response.id",
                "chatcmpl-1");
    assertThat(Evaluations.of(span))
        .singleElement()
        .satisfies(
            it -> {
              assertThat(it.name()).isEqualTo("Relevance");
              assertThat(it.value()).isEqualTo(4.0);
              assertThat(it.label()).isEqualTo("relevant");
              assertThat(it.explanation()).isEqualTo("It answers the question.");
              assertThat(it.responseId()).isEqualTo("chatcmpl-1");
              assertThat(it.source()).isEqualTo("gen_ai");
              assertThat(it.toString()).doesNotContain("answers");
            });
  }

  @Test
  void logRecordIsAnEvaluationIfItsEventIs() {
    TestLog log = TestLog.event(RESULT).with("gen_ai.evaluation.name", "Toxicity");
    assertThat(Evaluations.of(log)).isNull(); // It has no result.
    Evaluation evaluation = Evaluations.of(log.with("gen_ai.evaluation.score.value", 0L));
    assertThat(evaluation).isNotNull();
    assertThat(evaluation.value()).isEqualTo(0.0);
    assertThat(
            Evaluations.of(
                TestLog.event("gen_ai.choice").with("gen_ai.evaluation.score.value", 1.0)))
        .isNull();
  }

  @Test
  void attributesOfASpanAreAnEvaluationToo() {
    assertThat(
            Evaluations.of(
                TestSpan.chat()
                    .with("gen_ai.evaluation.name", "Fluency")
                    .with("gen_ai.evaluation.score.label", "poor")))
        .extracting(Evaluation::name, Evaluation::label)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("Fluency", "poor"));
  }

  @Test
  void annotationsOfOpenInferenceAreReadByIndexInBothSpellings() {
    assertThat(
            Evaluations.of(
                TestSpan.chat()
                    .with("evaluations.0.evaluation.name", "correctness")
                    .with("evaluations.0.evaluation.score", 0.25)
                    .with("annotations.1.annotation.label", "down")
                    .with("annotations.1.annotation.name", "thumb")
                    .with("annotations.0.annotation.name", "tone")
                    .with("annotations.0.annotation.explanation", "It is curt.")
                    .with("trace.evaluations.0.evaluation.name", "goal")
                    .with("trace.evaluations.0.evaluation.score", 1L)
                    .with("annotations.2.annotation.name", "nothing else")
                    .with("annotations.x.annotation.score", 1L)))
        .extracting(Evaluation::name)
        .containsExactly("tone", "thumb", "correctness", "goal");
  }

  @Test
  void scoresOfBraintrustAreReadFromText() {
    assertThat(
            Evaluations.of(
                TestSpan.chat().with("braintrust.scores", "{\"Factuality\":0.6,\"x\":null}")))
        .singleElement()
        .satisfies(
            it -> {
              assertThat(it.name()).isEqualTo("Factuality");
              assertThat(it.value()).isEqualTo(0.6);
            });
  }

  @Test
  void whatIsNoNumberIsNoScore() {
    TestSpan span = TestSpan.chat();
    for (Object value : new Object[] {"0.7", Double.NaN, Double.POSITIVE_INFINITY, true}) {
      span.event(RESULT, "gen_ai.evaluation.score.value", value);
    }
    assertThat(Evaluations.of(span)).isEmpty();
  }

  @Test
  void readsNoMoreThanTheLimit() {
    TestSpan span = TestSpan.chat();
    for (int i = 0; i < 1000; i++) {
      span.event(RESULT, "gen_ai.evaluation.score.value", i);
      span.with("annotations." + i + ".annotation.score", i);
    }
    assertThat(Evaluations.of(span)).hasSize(Evaluations.MOST);
  }

  @Test
  void onlyTheExplanationAndMetadataAreContent() {
    assertThat(ContentKeys.isContent("gen_ai.evaluation.explanation")).isTrue();
    assertThat(ContentKeys.isContent("tallyspan.evaluation.metadata")).isTrue();
    assertThat(ContentKeys.isContent("tallyspan.evaluation.id")).isFalse();
    assertThat(ContentKeys.isContent("annotations.0.annotation.explanation")).isTrue();
    assertThat(ContentKeys.isContent("session.evaluations.0.evaluation.explanation")).isTrue();
    assertThat(ContentKeys.isContent("gen_ai.evaluation.score.label")).isFalse();
    assertThat(ContentKeys.isContent("annotations.0.annotation.label")).isFalse();
    assertThat(ContentKeys.isContent("annotations.0.annotation.score")).isFalse();
  }
}
