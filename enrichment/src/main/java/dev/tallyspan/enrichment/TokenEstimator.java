package dev.tallyspan.enrichment;

import dev.tallyspan.semconv.SpanView;
import dev.tallyspan.semconv.span.LlmSpan;

/** Counts the tokens of calls whose usage was not reported. Thread-safe. */
public interface TokenEstimator {

  /** Estimates nothing. */
  TokenEstimator NONE = () -> (llm, span) -> new Estimate(llm, /* result= */ null);

  /** The result of a span whose tokens were counted. */
  String ESTIMATED = "estimated";

  /** Begins a request. Its spans share whatever limits there are. */
  Session session();

  /** The spans of one request. Not thread-safe. */
  interface Session {

    /**
     * Counts the tokens of a span, if it has no usage and all that is billed can be seen.
     *
     * @param llm what was read of {@code span}
     */
    Estimate estimate(LlmSpan llm, SpanView span);
  }

  /**
   * What came of a span.
   *
   * @param llm the span, with its estimated usage if there is one
   * @param result {@link #ESTIMATED}, or why it is not: {@code cut_off}, {@code reasoning_model},
   *     …; null for a span that needs no estimate
   */
  record Estimate(LlmSpan llm, String result) {}
}
