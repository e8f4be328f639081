package dev.tallyspan.collector.pipeline;

import org.jspecify.annotations.Nullable;

/** What the result of an evaluation that came apart from its span is about, as a key of a map. */
public final class EvaluationTarget {

  private EvaluationTarget() {}

  /**
   * Returns the target: a trace, or if that is not known, a span, or a response; empty if none of
   * them is known.
   *
   * @param traceId empty if it is not known
   * @param spanId empty if it is not known
   */
  public static String of(String traceId, String spanId, @Nullable String responseId) {
    if (!traceId.isEmpty()) {
      return traceId;
    }
    if (!spanId.isEmpty()) {
      return span(spanId);
    }
    return responseId == null ? "" : response(responseId);
  }

  /** A span whose trace the result does not name. */
  public static String span(String spanId) {
    return "span/" + spanId;
  }

  public static String response(String responseId) {
    return "response/" + responseId;
  }
}
