package dev.tallyspan.enrichment;

/** Converts the cost of spans to another currency. Thread-safe. */
interface CurrencyConversion {

  /** Does not convert. */
  CurrencyConversion NONE = (priced, epochNanos) -> priced;

  /**
   * Converts the cost of a span, exactly. The bill stays in its currency.
   *
   * @param epochNanos time of the call, which determines the rate
   */
  SpanPricer.Priced convert(SpanPricer.Priced priced, long epochNanos);
}
