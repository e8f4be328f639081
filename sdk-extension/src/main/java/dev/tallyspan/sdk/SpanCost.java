package dev.tallyspan.sdk;

import dev.tallyspan.pricing.CostPart;
import dev.tallyspan.pricing.Price;
import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.pricing.PriceRequest;
import dev.tallyspan.pricing.Usage;
import dev.tallyspan.semconv.Cost;
import dev.tallyspan.semconv.LlmSpan;
import java.math.BigDecimal;
import java.time.Instant;

/** What a span cost: the words of {@code semconv} put to {@code pricing}, and the answer back. */
final class SpanCost {

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
    PriceRequest.Builder request =
        PriceRequest.builder()
            .provider(llm.provider())
            .responseModel(llm.responseModel())
            .requestModel(llm.requestModel())
            .at(Instant.ofEpochSecond(0, epochNanos))
            .usage(Usage.of(llm.billableCounts()));
    llm.priceConditions().forEach(request::when);
    return request.build();
  }

  private static Cost cost(Price price) {
    Cost.Builder cost =
        Cost.builder(Cost.Status.valueOf(price.status().name()))
            .priceKey(price.priceKey())
            .catalogVersion(price.catalogVersion());
    if (price.total() != null) {
      cost.total(price.totalAsDouble(), price.total().toPlainString(), price.currency());
      for (CostPart part : CostPart.values()) {
        BigDecimal amount = price.part(part);
        if (amount != null) {
          cost.part(Cost.Part.valueOf(part.name()), amount.doubleValue());
        }
      }
    }
    return cost.build();
  }
}
