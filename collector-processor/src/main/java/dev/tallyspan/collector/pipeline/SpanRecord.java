package dev.tallyspan.collector.pipeline;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.enrichment.Enriched;
import dev.tallyspan.semconv.span.Cost;
import dev.tallyspan.semconv.span.LlmSpan;

/**
 * What was understood of one LLM span, or of a log record about an LLM. Holds nothing of the
 * request's bytes; what else the span holds is in {@link Batch#forEachSpan}.
 *
 * @param item its number among all spans or log records of the request, from 0
 * @param traceId 32 lowercase hex digits; empty if it has none
 * @param spanId 16 lowercase hex digits; empty if it has none
 * @param parentSpanId 16 lowercase hex digits; empty on a root span and on a log record
 * @param scopeName the instrumentation scope's name; empty if it has none
 * @param startEpochNanos nanoseconds since the epoch; 0 if unknown. Of a record, when it was made
 * @param endEpochNanos the same for the end
 * @param enriched what it means and what it cost
 */
public record SpanRecord(
    int item,
    String traceId,
    String spanId,
    String parentSpanId,
    String scopeName,
    long startEpochNanos,
    long endEpochNanos,
    Enriched enriched) {

  public SpanRecord {
    requireNonNull(traceId, "traceId");
    requireNonNull(spanId, "spanId");
    requireNonNull(parentSpanId, "parentSpanId");
    requireNonNull(scopeName, "scopeName");
    requireNonNull(enriched, "enriched");
  }

  public LlmSpan llm() {
    return enriched.llm();
  }

  public Cost cost() {
    return enriched.cost();
  }

  /** The same span, whose call another span bills. */
  public SpanRecord asDuplicateOf(String bills) {
    return new SpanRecord(
        item,
        traceId,
        spanId,
        parentSpanId,
        scopeName,
        startEpochNanos,
        endEpochNanos,
        enriched.asDuplicateOf(bills));
  }

  /** Names the span alone: what was understood may hold personal data. */
  @Override
  public String toString() {
    return "SpanRecord[traceId=" + traceId + ", spanId=" + spanId + "]";
  }
}
