package dev.tallyspan.collector.output.recent;

import dev.tallyspan.collector.pipeline.EvaluationTarget;
import dev.tallyspan.semconv.Evaluation;
import org.jspecify.annotations.Nullable;

/**
 * The result of an evaluation that came apart from its span.
 *
 * @param traceId empty if only the span id or the response is known
 * @param spanId empty if the whole trace was evaluated, or only the response is known
 */
record LateScore(String traceId, String spanId, Evaluation evaluation) {

  /** What it waits for; empty if it names nothing. */
  String target() {
    return EvaluationTarget.of(traceId, spanId, evaluation.responseId());
  }

  /** The heap that it takes while it waits, estimated. */
  long bytes() {
    return 512
        + 2L
            * (evaluation.name().length()
                + length(evaluation.explanation())
                + length(evaluation.responseId()));
  }

  private static int length(@Nullable String text) {
    return text == null ? 0 : text.length();
  }

  /** Contains only the ids. */
  @Override
  public String toString() {
    return "LateScore[traceId=" + traceId + ", spanId=" + spanId + "]";
  }
}
