package dev.tallyspan.collector.output.recent;

import dev.tallyspan.semconv.Evaluation;
import org.jspecify.annotations.Nullable;

/**
 * The result of an evaluation that came apart from its span.
 *
 * @param traceId empty if only the response is known
 * @param spanId empty if the whole trace was evaluated, or only the response is known
 */
record LateScore(String traceId, String spanId, Evaluation evaluation) {

  /** What it waits for: a trace, or if that is not known, a response; empty if it names neither. */
  String target() {
    if (!traceId.isEmpty()) {
      return traceId;
    }
    return evaluation.responseId() == null ? "" : response(evaluation.responseId());
  }

  static String response(String responseId) {
    return "response/" + responseId;
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
