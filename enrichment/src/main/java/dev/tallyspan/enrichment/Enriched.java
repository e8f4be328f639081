package dev.tallyspan.enrichment;

import dev.tallyspan.pricing.Bill;
import dev.tallyspan.semconv.span.Cost;
import dev.tallyspan.semconv.span.LlmSpan;

/**
 * What is known of an LLM span.
 *
 * @param llm what it means
 * @param priced what it cost
 * @param epochNanos the time that decided the price: when the call began, or else when it ended
 * @param notEstimated why its tokens were not estimated; null if that was not tried, or they were
 * @param pricer what priced it
 */
public record Enriched(
    LlmSpan llm,
    SpanPricer.Priced priced,
    long epochNanos,
    String notEstimated,
    SpanPricer pricer) {

  /** The cost as it is written on the span. */
  public Cost cost() {
    return priced.cost();
  }

  /** The same span, billed by another one: its cost says by which. */
  public Enriched asDuplicateOf(String spanId) {
    LlmSpan duplicate = llm.asDuplicateOf(spanId);
    return new Enriched(
        duplicate, pricer.price(duplicate, epochNanos), epochNanos, notEstimated, pricer);
  }

  /** The bill by the catalog, even if a cost was reported. */
  public Bill bill() {
    return pricer.bill(llm, epochNanos);
  }
}
