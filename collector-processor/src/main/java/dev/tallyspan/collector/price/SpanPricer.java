package dev.tallyspan.collector.price;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.pricing.CostPart;
import dev.tallyspan.pricing.Deployments;
import dev.tallyspan.pricing.Price;
import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.pricing.PriceRequest;
import dev.tallyspan.pricing.Usage;
import dev.tallyspan.semconv.Cost;
import dev.tallyspan.semconv.LlmSpan;
import java.math.BigDecimal;

/** Says what a span cost, judged without the rest of its trace. Thread-safe. */
public final class SpanPricer {

  /**
   * A span's cost.
   *
   * @param cost as it is written on the span
   * @param price the bill behind it; null if no price was asked for, because the span is none to be
   *     billed or somebody else said its cost
   */
  public record Priced(Cost cost, Price price) {}

  private static final CostPart[] PARTS = CostPart.values();

  private final PriceCatalog catalog;
  private final Deployments deployments;

  /**
   * @param deployments names of the user's own that the catalog does not know
   */
  public SpanPricer(PriceCatalog catalog, Deployments deployments) {
    this.catalog = requireNonNull(catalog, "catalog");
    this.deployments = requireNonNull(deployments, "deployments");
  }

  /**
   * The cost of one span. A cost that the provider or a gateway reported is taken as it is.
   *
   * @param epochNanos when the call was made, which decides the price
   */
  public Priced price(LlmSpan llm, long epochNanos) {
    Cost known = Cost.withoutPrice(llm);
    if (known != null) {
      return new Priced(known, null);
    }
    Price price = computed(llm, epochNanos);
    return new Priced(cost(price), price);
  }

  /** What the catalog says of the call, whatever was reported of its cost. */
  Price computed(LlmSpan llm, long epochNanos) {
    return catalog.price(request(llm, epochNanos));
  }

  private PriceRequest request(LlmSpan llm, long epochNanos) {
    Usage.Builder usage = Usage.builder();
    llm.forEachBillableCount(usage::add);
    PriceRequest.Builder request =
        PriceRequest.builder()
            .provider(llm.provider())
            .responseModel(deployments.model(llm.responseModel()))
            .requestModel(deployments.model(llm.requestModel()))
            .at(epochNanos)
            .usage(usage.build());
    llm.forEachPriceCondition(request::when);
    deployments.forEachCondition(llm.responseModel(), llm.requestModel(), request::when);
    return request.build();
  }

  private static Cost cost(Price price) {
    Cost.Builder cost =
        Cost.builder(Cost.Status.valueOf(price.status().name()))
            .priceKey(price.priceKey())
            .catalogVersion(price.catalogVersion())
            .missing(price.missing());
    BigDecimal total = price.total();
    if (total != null) {
      cost.total(price.totalAsDouble(), total.toPlainString(), price.currency());
      for (CostPart part : PARTS) {
        double amount = price.partAsDouble(part);
        if (!Double.isNaN(amount)) {
          cost.part(Cost.Part.valueOf(part.name()), amount);
        }
      }
    }
    return cost.build();
  }
}
