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
 * Converts costs at rates from the configuration. Affects only the cost that is written on the
 * span: the bill, its card and the comparison with reported costs stay in their own currency. A
 * cost without a rate is not converted, and is counted in {@code tallyspan_cost_unconverted}.
 * Thread-safe.
 */
final class ConversionByRates implements CurrencyConversion {

  private static final AttributeKey<String> CURRENCY = AttributeKey.stringKey("currency");

  private final ExchangeRates rates;
  private final LongCounter unconverted;

  /**
   * @param meter counts costs that could not be converted
   */
  ConversionByRates(ExchangeRates rates, Meter meter) {
    this.rates = requireNonNull(rates, "rates");
    this.unconverted =
        meter
            .counterBuilder("tallyspan_cost_unconverted")
            .setDescription("Costs that were not converted because there is no rate.")
            .setUnit("{span}")
            .build();
  }

  @Override
  public SpanPricer.Priced convert(SpanPricer.Priced priced, long epochNanos) {
    Cost cost = priced.cost();
    String amount = cost.totalExact();
    String currency = cost.currency();
    if (amount == null || currency == null || currency.equals(rates.target())) {
      return priced;
    }
    BigDecimal rate = rates.rate(currency, Instant.ofEpochSecond(0, epochNanos));
    if (rate == null) {
      count(currency);
      return priced;
    }
    BigDecimal total = new BigDecimal(amount).multiply(rate);
    Cost.Builder converted =
        Cost.builder(cost.status())
            .total(total.doubleValue(), plain(total), rates.target())
            .convertedFrom(amount, currency, plain(rate))
            .priceKey(cost.priceKey())
            .catalogVersion(cost.catalogVersion())
            .missing(cost.missing());
    Bill bill = priced.bill();
    if (bill != null) {
      addParts(bill, rate, converted);
    }
    return new SpanPricer.Priced(converted.build(), bill);
  }

  /** Converts the exact amounts of the bill, so that the parts still sum to the total. */
  private static void addParts(Bill bill, BigDecimal rate, Cost.Builder converted) {
    for (CostPart part : CostPart.values()) {
      BigDecimal amount = bill.part(part);
      if (amount != null) {
        converted.part(PriceMapping.part(part), amount.multiply(rate).doubleValue());
      }
    }
  }

  /**
   * Labels are ISO 4217 codes or {@code other}: spans may contain any text as a currency, and must
   * not create labels.
   */
  private void count(String currency) {
    String label = "other";
    try {
      label = Currency.getInstance(currency).getCurrencyCode();
    } catch (IllegalArgumentException e) {
      // Not an ISO 4217 code.
    }
    unconverted.add(1, Attributes.of(CURRENCY, label));
  }

  private static String plain(BigDecimal amount) {
    return amount.signum() == 0 ? "0" : amount.stripTrailingZeros().toPlainString();
  }
}
