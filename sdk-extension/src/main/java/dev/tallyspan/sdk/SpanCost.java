package dev.tallyspan.sdk;

import dev.tallyspan.pricing.CostPart;
import dev.tallyspan.pricing.Price;
import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.pricing.PriceRequest;
import dev.tallyspan.pricing.Usage;
import dev.tallyspan.semconv.Cost;
import dev.tallyspan.semconv.LlmSpan;
import java.math.BigDecimal;

/** What a span cost: the words of {@code semconv} put to {@code pricing}, and the answer back. */
final class SpanCost {

  private static final CostPart[] PARTS = CostPart.values();

  private SpanCost() {}

  /**
   * Returns the cost of one span, judged without the rest of its trace. A cost that the provider or
   * a gateway reported is taken as it is.
   */
  static Cost of(LlmSpan llm, long epochNanos, PriceCatalog catalog) {
    Cost known = Cost.withoutPrice(llm);
    return known != null ? known : cost(catalog.price(request(llm, epochNanos)));
  }

  private static PriceRequest request(LlmSpan llm, long epochNanos) {
    Usage.Builder usage = Usage.builder();
    llm.forEachBillableCount(usage::add);
    PriceRequest.Builder request =
        PriceRequest.builder()
            .provider(llm.provider())
            .responseModel(llm.responseModel())
            .requestModel(llm.requestModel())
            .at(epochNanos)
            .usage(usage.build());
    llm.forEachPriceCondition(request::when);
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
