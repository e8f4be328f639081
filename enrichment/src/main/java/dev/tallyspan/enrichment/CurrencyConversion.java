package dev.tallyspan.enrichment;

/** Writes the cost of a span in another currency. Thread-safe. */
interface CurrencyConversion {

  /** Leaves every cost in its currency. */
  CurrencyConversion NONE = (priced, epochNanos) -> priced;

  /**
   * Converts the cost of a span, exactly. The bill stays in its currency.
   *
   * @param epochNanos when the call was made, which decides the rate
   */
  SpanPricer.Priced convert(SpanPricer.Priced priced, long epochNanos);
}
