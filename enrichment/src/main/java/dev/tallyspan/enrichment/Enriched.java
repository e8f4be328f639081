package dev.tallyspan.enrichment;

import dev.tallyspan.pricing.Bill;
import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.KeyClass;
import dev.tallyspan.semconv.span.Cost;
import dev.tallyspan.semconv.span.LlmSpan;
import java.util.Set;
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

  /** {@return the cost to write on the span} */
  public Cost cost() {
    return priced.cost();
  }

  /**
   * {@return this span as a duplicate: it is billed by another span, whose id is in its cost}
   *
   * @param spanId the id of the other span, in hexadecimal digits
   */
  public Enriched asDuplicateOf(String spanId) {
    return with(llm.asDuplicateOf(spanId));
  }

  /** {@return this span as one that sums calls which have their own spans: it is not billed} */
  public Enriched asAggregate() {
    return with(llm.billedAs(Billing.AGGREGATE));
  }

  /** {@return this span as a call, billed because no other span describes what it sums} */
  public Enriched asCall() {
    return with(llm.billedAs(Billing.CALL));
  }

  /**
   * {@return this span, still billed, as one whose call may be billed by another span too}
   *
   * @param spanId the id of the other span, in hexadecimal digits
   */
  public Enriched asPossibleDuplicateOf(String spanId) {
    Cost cost = priced.cost().withPossibleDuplicateOf(spanId);
    return new Enriched(
        llm, new SpanPricer.Priced(cost, priced.bill()), epochNanos, notEstimated, pricer);
  }

  /**
   * {@return this span with what another span of the same call knows in addition, see {@link
   * LlmSpan#withGapsFilled}} Priced again, because it may now have a model.
   *
   * @param other the other one
   * @param classes the classes of keys
   * @param rule what decided it
   */
  public Enriched withGapsFilled(Enriched other, Set<KeyClass> classes, String rule) {
    LlmSpan filled = llm.withGapsFilled(other.llm, classes, rule);
    return filled == llm ? this : with(filled);
  }

  private Enriched with(LlmSpan judged) {
    return new Enriched(judged, pricer.price(judged, epochNanos), epochNanos, notEstimated, pricer);
  }

  /** {@return the bill by the catalog, even if a cost was reported} */
  public Bill bill() {
    return pricer.bill(llm, epochNanos);
  }
}
