package dev.tallyspan.sdk;

import dev.tallyspan.pricing.Bill;
import dev.tallyspan.pricing.CacheLifetime;
import dev.tallyspan.pricing.CostPart;
import dev.tallyspan.pricing.Price;
import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.pricing.PriceRequest;
import dev.tallyspan.pricing.Unit;
import dev.tallyspan.pricing.Usage;
import dev.tallyspan.semconv.Cost;
import dev.tallyspan.semconv.LlmSpan;
import dev.tallyspan.semconv.ReportedCost;
import dev.tallyspan.semconv.SideUsage;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ObjLongConsumer;

/** What a span cost: the words of {@code semconv} put to {@code pricing}, and the answer back. */
final class SpanCost {

  private static final CostPart[] PARTS = CostPart.values();

  private final PriceCatalog catalog;

  SpanCost(PriceCatalog catalog) {
    this.catalog = catalog;
  }

  /**
   * The same span with the lifetime of its cache writes, if it does not say it, and a cost that the
   * client computed, or that was reported, proves it.
   *
   * @param epochNanos when the call was made
   */
  LlmSpan withProvenLifetimes(LlmSpan llm, long epochNanos) {
    ReportedCost claim = llm.clientCost() != null ? llm.clientCost() : llm.reportedCost();
    if (claim == null || llm.alreadyProcessed() || llm.cacheWritesOfUnknownLifetime() == 0) {
      return llm;
    }
    String rule = "the cost in " + claim.sourceKey();
    LlmSpan fiveMinutes = llm.withCacheWriteLifetime(/* anHour= */ false, rule);
    LlmSpan oneHour = llm.withCacheWriteLifetime(/* anHour= */ true, rule);
    Bill low = bill(fiveMinutes, epochNanos);
    Bill high = bill(oneHour, epochNanos);
    if (!low.currency().equals(claim.currency()) || !high.currency().equals(claim.currency())) {
      return llm;
    }
    return switch (CacheLifetime.of(claim.amount(), low, high)) {
      case FIVE_MINUTES -> fiveMinutes;
      case ONE_HOUR -> oneHour;
      case UNKNOWN -> llm;
    };
  }

  /**
   * The cost of one span. A cost that the provider or a gateway reported is taken as it is.
   *
   * @param epochNanos when the call was made, which decides the price
   */
  Cost of(LlmSpan llm, long epochNanos) {
    Cost known = Cost.withoutPrice(llm);
    return known != null ? known : cost(bill(llm, epochNanos));
  }

  /** What the catalog says of the call, whatever was reported of its cost. */
  private Bill bill(LlmSpan llm, long epochNanos) {
    List<SideUsage> sides = llm.sideUsages();
    List<String> gaps = llm.billingGaps();
    Quantities own = new Quantities();
    llm.forEachBillableCount(own);
    Price price =
        catalog.price(request(llm, llm.responseModel(), llm.requestModel(), own, epochNanos));
    if (sides.isEmpty() && gaps.isEmpty() && own.unknown.isEmpty()) {
      return Bill.of(price);
    }
    Bill.Builder bill = Bill.builder(price);
    own.unknown.forEach(bill::unpriced);
    gaps.forEach(bill::gap);
    for (SideUsage side : sides) {
      Quantities quantities = new Quantities();
      side.forEachBillableCount(quantities);
      quantities.unknown.forEach(bill::unpriced);
      PriceRequest request =
          side.model() == null
              ? request(llm, llm.responseModel(), llm.requestModel(), quantities, epochNanos)
              : request(llm, side.model(), null, quantities, epochNanos);
      bill.side(side.what(), catalog.price(request));
    }
    return bill.build();
  }

  private PriceRequest request(
      LlmSpan llm, String responseModel, String requestModel, Quantities counts, long epochNanos) {
    PriceRequest.Builder request =
        PriceRequest.builder()
            .provider(llm.provider())
            .responseModel(responseModel)
            .requestModel(requestModel)
            .at(epochNanos)
            .usage(counts.usage.build());
    llm.forEachPriceCondition(request::when);
    return request.build();
  }

  private static Cost cost(Bill bill) {
    Cost.Builder cost =
        Cost.builder(Cost.Status.valueOf(bill.status().name()))
            .priceKey(bill.price().priceKey())
            .catalogVersion(bill.price().catalogVersion())
            .missing(bill.missing());
    BigDecimal total = bill.total();
    if (total != null) {
      cost.total(bill.totalAsDouble(), total.toPlainString(), bill.currency());
      for (CostPart part : PARTS) {
        double amount = bill.partAsDouble(part);
        if (!Double.isNaN(amount)) {
          cost.part(Cost.Part.valueOf(part.name()), amount);
        }
      }
    }
    return cost.build();
  }

  /** The units that catalogs know, as a usage, and the names of those that they do not. */
  private static final class Quantities implements ObjLongConsumer<String> {
    private final Usage.Builder usage = Usage.builder();
    private List<String> unknown = List.of();

    @Override
    public void accept(String name, long quantity) {
      Unit unit = Unit.of(name);
      if (unit != null) {
        usage.add(unit, quantity);
      } else {
        unknown = unknown.isEmpty() ? new ArrayList<>() : unknown;
        unknown.add(name);
      }
    }
  }
}
