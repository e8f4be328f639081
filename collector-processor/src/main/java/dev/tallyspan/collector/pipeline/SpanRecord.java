package dev.tallyspan.collector.pipeline;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.enrichment.Enriched;
import dev.tallyspan.semconv.span.Cost;
import dev.tallyspan.semconv.span.LlmSpan;
import org.jspecify.annotations.Nullable;

/**
 * What was understood of one LLM span, or of a log record about an LLM. Does not refer to the
 * request's bytes; {@link Batch#forEachSpan} gives access to everything else in the span.
 *
 * @param item the index among all spans or log records of the request, from 0
 * @param traceId 32 lowercase hex digits; empty if there is none
 * @param spanId 16 lowercase hex digits; empty if there is none
 * @param parentSpanId 16 lowercase hex digits; empty for a root span or a log record
 * @param scopeName the instrumentation scope's name; empty if there is none
 * @param serviceName {@code service.name} of the resource; empty if there is none
 * @param startEpochNanos nanoseconds since the epoch; 0 if unknown; for a log record, when it was
 *     written
 * @param endEpochNanos nanoseconds since the epoch; 0 if unknown; for a log record, the same as the
 *     start
 * @param enriched the meaning and the cost of the call
 * @param verdict what the other spans of the trace showed; null if nothing
 */
public record SpanRecord(
    int item,
    String traceId,
    String spanId,
    String parentSpanId,
    String scopeName,
    String serviceName,
    long startEpochNanos,
    long endEpochNanos,
    Enriched enriched,
    @Nullable Verdict verdict) {

  public SpanRecord {
    requireNonNull(traceId, "traceId");
    requireNonNull(spanId, "spanId");
    requireNonNull(parentSpanId, "parentSpanId");
    requireNonNull(scopeName, "scopeName");
    requireNonNull(serviceName, "serviceName");
    requireNonNull(enriched, "enriched");
  }

  /** Whether the trace is known: an id of nothing but zeros is none. */
  public boolean hasTraceId() {
    return isId(traceId);
  }

  /** Whether the span is known: an id of nothing but zeros is none. */
  public boolean hasSpanId() {
    return isId(spanId);
  }

  private static boolean isId(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) != '0') {
        return true;
      }
    }
    return false;
  }

  public LlmSpan llm() {
    return enriched.llm();
  }

  public Cost cost() {
    return enriched.cost();
  }

  /**
   * Whether the span was sent again, and its last state is another one, which bills. So it was
   * decided here, or by a Tallyspan that forwarded the span.
   */
  public boolean isEarlierState() {
    return isEarlierState(spanId, cost());
  }

  /** Whether this is the cost of an earlier state of the span with this id. */
  public static boolean isEarlierState(String spanId, Cost cost) {
    return cost.status() == Cost.Status.DUPLICATE
        && !spanId.isEmpty()
        && spanId.equals(cost.duplicateOf());
  }

  /** Returns the same span with another meaning or cost, as the other spans of its trace showed. */
  public SpanRecord with(Enriched changed, @Nullable Verdict shown) {
    return new SpanRecord(
        item,
        traceId,
        spanId,
        parentSpanId,
        scopeName,
        serviceName,
        startEpochNanos,
        endEpochNanos,
        changed,
        shown);
  }

  /** Returns the same span at another position, in a request that has only some of the spans. */
  public SpanRecord at(int position) {
    return new SpanRecord(
        position,
        traceId,
        spanId,
        parentSpanId,
        scopeName,
        serviceName,
        startEpochNanos,
        endEpochNanos,
        enriched,
        verdict);
  }

  /** Contains only the ids of the span, because what was understood may hold personal data. */
  @Override
  public String toString() {
    return "SpanRecord[traceId=" + traceId + ", spanId=" + spanId + "]";
  }
}
