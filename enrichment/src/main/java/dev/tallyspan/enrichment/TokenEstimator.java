package dev.tallyspan.enrichment;

import dev.tallyspan.semconv.SpanView;
import dev.tallyspan.semconv.span.LlmSpan;
import org.jspecify.annotations.Nullable;

/** Estimates the tokens of calls that report no usage. Thread-safe. */
public interface TokenEstimator {

  /** Does not estimate. */
  TokenEstimator NONE = () -> (llm, span) -> new Estimate(llm, /* result= */ null);

  /** The result for a span whose tokens were estimated. */
  String ESTIMATED = "estimated";

  /**
   * Starts a request. Limits apply to all spans of the request together.
   *
   * @return the session
   */
  Session session();

  /** The spans of one request. Not thread-safe. */
  interface Session {

    /**
     * Estimates the tokens of a span, if it has no usage and contains everything that is billed.
     *
     * @param llm as read from {@code span}
     * @param span the span
     * @return the estimate
     */
    Estimate estimate(LlmSpan llm, SpanView span);
  }

  /**
   * The result for a span.
   *
   * @param llm the span, with its estimated usage if there is one
   * @param result {@link #ESTIMATED}, or why there is no estimate, such as {@code cut_off} or
   *     {@code reasoning_model}; null if the span needs no estimate
   */
  record Estimate(LlmSpan llm, @Nullable String result) {}
}
