package dev.tallyspan.enrichment;

import dev.tallyspan.pricing.Bill;
import dev.tallyspan.semconv.span.Cost;
import dev.tallyspan.semconv.span.LlmSpan;
import org.jspecify.annotations.Nullable;

/**
 * An LLM span with its cost.
 *
 * @param llm the span, as read from its dialect
 * @param priced its cost and bill
 * @param epochNanos the time that determines the price: the start of the call or, if unknown, its
 *     end
 * @param notEstimated why its tokens were not estimated; null if they were, or if no estimate is
 *     needed
 * @param pricer that priced it
 */
public record Enriched(
    LlmSpan llm,
    SpanPricer.Priced priced,
    long epochNanos,
    @Nullable String notEstimated,
    SpanPricer pricer) {

  /** Returns the cost to write on the span. */
  public Cost cost() {
    return priced.cost();
  }

  /** Returns this span as a duplicate: it is billed by another span, whose id is in its cost. */
  public Enriched asDuplicateOf(String spanId) {
    LlmSpan duplicate = llm.asDuplicateOf(spanId);
    return new Enriched(
        duplicate, pricer.price(duplicate, epochNanos), epochNanos, notEstimated, pricer);
  }

  /** Returns the bill by the catalog, even if a cost was reported. */
  public Bill bill() {
    return pricer.bill(llm, epochNanos);
  }
}
