package dev.tallyspan.enrichment;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.pricing.Bill;
import dev.tallyspan.pricing.CostPart;
import dev.tallyspan.pricing.ExchangeRates;
import dev.tallyspan.semconv.span.Cost;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Currency;

/**
 * Says costs in another currency, by rates that the user gives. Only what is written on the span
 * changes: the bill, its card and the comparison with reported costs stay in their own currency. An
 * amount without a rate stays as it is and is counted in {@code tallyspan_cost_unconverted}.
 * Thread-safe.
 */
final class CurrencyConversion {

  private static final AttributeKey<String> CURRENCY = AttributeKey.stringKey("currency");

  /** Leaves every cost in its currency. */
  static final CurrencyConversion NONE = new CurrencyConversion();

  /** Null for {@link #NONE}. */
  private final ExchangeRates rates;

  private final LongCounter unconverted;

  private CurrencyConversion() {
    this.rates = null;
    this.unconverted = null;
  }

  /**
   * @param meter what counts amounts that could not be converted; null for nothing
   */
  CurrencyConversion(ExchangeRates rates, Meter meter) {
    this.rates = requireNonNull(rates, "rates");
    this.unconverted =
        meter == null
            ? null
            : meter
                .counterBuilder("tallyspan_cost_unconverted")
                .setDescription("Costs that stayed in their currency for want of a rate.")
                .setUnit("{span}")
                .build();
  }

  /**
   * Converts the cost of a span, exactly.
   *
   * @param epochNanos when the call was made, which decides the rate
   */
  SpanPricer.Priced convert(SpanPricer.Priced priced, long epochNanos) {
    Cost cost = priced.cost();
    if (rates == null || cost.total() == null || cost.currency().equals(rates.target())) {
      return priced;
    }
    BigDecimal rate = rates.rate(cost.currency(), Instant.ofEpochSecond(0, epochNanos));
    if (rate == null) {
      count(cost.currency());
      return priced;
    }
    BigDecimal total = new BigDecimal(cost.totalExact()).multiply(rate);
    Cost.Builder converted =
        Cost.builder(cost.status())
            .total(total.doubleValue(), plain(total), rates.target())
            .convertedFrom(cost.totalExact(), cost.currency(), plain(rate))
            .priceKey(cost.priceKey())
            .catalogVersion(cost.catalogVersion())
            .missing(cost.missing());
    if (priced.bill() != null) {
      addParts(priced.bill(), rate, converted);
    }
    return new SpanPricer.Priced(converted.build(), priced.bill());
  }

  /** From the bill's exact amounts, so that the parts sum to the total as they did before. */
  private static void addParts(Bill bill, BigDecimal rate, Cost.Builder converted) {
    for (CostPart part : CostPart.values()) {
      BigDecimal amount = bill.part(part);
      if (amount != null) {
        converted.part(PriceMapping.part(part), amount.multiply(rate).doubleValue());
      }
    }
  }

  /** By currencies that there are: a span may name any, and nobody is to make labels by it. */
  private void count(String currency) {
    if (unconverted == null) {
      return;
    }
    String label = "other";
    try {
      label = Currency.getInstance(currency).getCurrencyCode();
    } catch (IllegalArgumentException e) {
      // Counted as another.
    }
    unconverted.add(1, Attributes.of(CURRENCY, label));
  }

  private static String plain(BigDecimal amount) {
    return amount.signum() == 0 ? "0" : amount.stripTrailingZeros().toPlainString();
  }
}
