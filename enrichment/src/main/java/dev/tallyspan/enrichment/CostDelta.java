package dev.tallyspan.enrichment;

import dev.tallyspan.pricing.Bill;
import dev.tallyspan.pricing.PriceStatus;
import dev.tallyspan.semconv.span.ReportedCost;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.Meter;
import java.math.BigDecimal;
import java.util.List;

/**
 * Measures how far reported costs and computed ones are apart: {@code tallyspan_cost_delta}, the
 * absolute difference of each call, by currency, provider, and whether the computed cost is {@code
 * higher}, {@code lower} or {@code equal}. A label, because histograms do not take negative values.
 *
 * <p>The provider is the catalog's id of it, not what the span says, so that nobody can make labels
 * by sending spans. Calls with no complete price, or one in another currency, are not compared.
 */
public final class CostDelta {

  private static final AttributeKey<String> CURRENCY = AttributeKey.stringKey("currency");
  private static final AttributeKey<String> PROVIDER = AttributeKey.stringKey("provider");
  private static final AttributeKey<String> COMPUTED = AttributeKey.stringKey("computed");
  private static final List<Double> BOUNDARIES =
      List.of(0.0, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1.0, 10.0);

  private final DoubleHistogram delta;

  public CostDelta(Meter meter) {
    delta =
        meter
            .histogramBuilder("tallyspan_cost_delta")
            .setDescription("Difference of reported and computed cost of a call, as an amount.")
            .setUnit("{currency}")
            .setExplicitBucketBoundariesAdvice(BOUNDARIES)
            .build();
  }

  /** Compares, if there is a reported cost. */
  public void measure(Enriched enriched) {
    ReportedCost reported = enriched.llm().reportedCost();
    if (reported == null) {
      return;
    }
    Bill bill = enriched.bill();
    boolean complete = bill.status() == PriceStatus.PRICED || bill.status() == PriceStatus.FREE;
    String card = bill.price().priceKey();
    if (!complete || card == null || !bill.currency().equals(reported.currency())) {
      return;
    }
    BigDecimal difference = bill.total().subtract(reported.amount());
    String provider = card.substring(0, card.indexOf('/'));
    delta.record(
        difference.abs().doubleValue(),
        Attributes.of(
            CURRENCY, bill.currency(), PROVIDER, provider, COMPUTED, computed(difference)));
  }

  private static String computed(BigDecimal difference) {
    return difference.signum() == 0 ? "equal" : difference.signum() > 0 ? "higher" : "lower";
  }
}
