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
 * Records the difference between reported and computed costs: {@code tallyspan_cost_delta}, a
 * histogram of the absolute difference for each call, by currency, provider, and whether the
 * computed cost is {@code higher}, {@code lower} or {@code equal}. The sign is a label because
 * histograms do not accept negative values.
 *
 * <p>The provider is the id in the catalog and not the attribute of the span, so that spans cannot
 * create labels. Calls without a complete price, or with a price in another currency, are not
 * recorded. Thread-safe.
 */
public final class CostDelta {

  private static final AttributeKey<String> CURRENCY = AttributeKey.stringKey("currency");
  private static final AttributeKey<String> PROVIDER = AttributeKey.stringKey("provider");
  private static final AttributeKey<String> COMPUTED = AttributeKey.stringKey("computed");
  private static final List<Double> BOUNDARIES =
      List.of(0.0, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1.0, 10.0);

  private final DoubleHistogram delta;

  /**
   * Creates the histogram.
   *
   * @param meter the meter to record with
   */
  public CostDelta(Meter meter) {
    delta =
        meter
            .histogramBuilder("tallyspan_cost_delta")
            .setDescription("Difference between the reported and the computed cost of a call.")
            .setUnit("{currency}")
            .setExplicitBucketBoundariesAdvice(BOUNDARIES)
            .build();
  }

  /**
   * Records the difference for a span. Does nothing if the span has no reported cost.
   *
   * @param enriched the span
   */
  public void measure(Enriched enriched) {
    ReportedCost reported = enriched.llm().reportedCost();
    if (reported == null) {
      return;
    }
    Bill bill = enriched.bill();
    boolean complete = bill.status() == PriceStatus.PRICED || bill.status() == PriceStatus.FREE;
    String card = bill.price().priceKey();
    BigDecimal total = bill.total();
    if (!complete
        || total == null
        || card == null
        || !bill.currency().equals(reported.currency())) {
      return;
    }
    BigDecimal difference = total.subtract(reported.amount());
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
