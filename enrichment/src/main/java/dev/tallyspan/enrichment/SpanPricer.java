package dev.tallyspan.enrichment;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.pricing.Bill;
import dev.tallyspan.pricing.CacheLifetime;
import dev.tallyspan.pricing.CostPart;
import dev.tallyspan.pricing.Deployments;
import dev.tallyspan.pricing.Price;
import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.pricing.PriceRequest;
import dev.tallyspan.pricing.Usage;
import dev.tallyspan.semconv.span.Cost;
import dev.tallyspan.semconv.span.LlmSpan;
import dev.tallyspan.semconv.span.ReportedCost;
import dev.tallyspan.semconv.span.SideUsage;
import java.math.BigDecimal;
import java.util.List;

/** Says what a span cost, judged without the rest of its trace. Thread-safe. */
public final class SpanPricer {

  /**
   * A span's cost.
   *
   * @param cost as it is written on the span
   * @param bill what it is made of; null if no price was asked for, because the span is none to be
   *     billed or somebody else said its cost
   */
  public record Priced(Cost cost, Bill bill) {

    /** The price of the call itself; null if there is no bill. */
    public Price price() {
      return bill == null ? null : bill.price();
    }
  }

  private static final CostPart[] PARTS = CostPart.values();

  private final PriceCatalog catalog;
  private final Deployments deployments;
  private final CurrencyConversion conversion;

  /**
   * @param deployments names of the user's own that the catalog does not know
   * @param conversion of what is written on spans
   */
  SpanPricer(PriceCatalog catalog, Deployments deployments, CurrencyConversion conversion) {
    this.catalog = requireNonNull(catalog, "catalog");
    this.deployments = requireNonNull(deployments, "deployments");
    this.conversion = conversion;
  }

  /**
   * The same span with the lifetime of its cache writes, if it does not say it, and a cost that the
   * client computed, or that was reported, proves it.
   *
   * @param epochNanos when the call was made
   */
  public LlmSpan withProvenLifetimes(LlmSpan llm, long epochNanos) {
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
   * The cost of one span. A cost that the provider or a gateway reported is taken as it is; one of
   * a span that was processed before is not converted, since it says what it said.
   *
   * @param epochNanos when the call was made, which decides the price
   */
  public Priced price(LlmSpan llm, long epochNanos) {
    Cost known = Cost.withoutPrice(llm);
    Bill bill = known == null ? bill(llm, epochNanos) : null;
    Priced priced = new Priced(known == null ? cost(bill) : known, bill);
    return llm.alreadyProcessed() ? priced : conversion.convert(priced, epochNanos);
  }

  /**
   * The bill by the catalog, even if a cost was reported.
   *
   * @param epochNanos when the call was made, which decides the price
   */
  public Bill bill(LlmSpan llm, long epochNanos) {
    List<SideUsage> sides = llm.sideUsages();
    List<String> gaps = llm.billingGaps();
    Usage own = PriceMapping.usage(llm);
    Price price =
        catalog.price(request(llm, llm.responseModel(), llm.requestModel(), own, epochNanos));
    if (sides.isEmpty() && gaps.isEmpty()) {
      return Bill.of(price);
    }
    Bill.Builder bill = Bill.builder(price);
    gaps.forEach(bill::gap);
    for (SideUsage side : sides) {
      Usage usage = PriceMapping.usage(side);
      PriceRequest request =
          side.model() == null
              ? request(llm, llm.responseModel(), llm.requestModel(), usage, epochNanos)
              : request(llm, side.model(), null, usage, epochNanos);
      bill.side(side.what(), catalog.price(request));
    }
    return bill.build();
  }

  private PriceRequest request(
      LlmSpan llm, String responseModel, String requestModel, Usage usage, long epochNanos) {
    PriceRequest.Builder request =
        PriceRequest.builder()
            .provider(llm.provider())
            .responseModel(deployments.model(responseModel))
            .requestModel(deployments.model(requestModel))
            .at(epochNanos)
            .usage(usage);
    PriceMapping.conditions(llm, request);
    deployments.forEachCondition(llm.responseModel(), llm.requestModel(), request::when);
    return request.build();
  }

  private static Cost cost(Bill bill) {
    Cost.Builder cost =
        Cost.builder(PriceMapping.status(bill.status()))
            .priceKey(bill.price().priceKey())
            .catalogVersion(bill.price().catalogVersion())
            .missing(bill.missing());
    BigDecimal total = bill.total();
    if (total != null) {
      cost.total(bill.totalAsDouble(), total.toPlainString(), bill.currency());
      for (CostPart part : PARTS) {
        double amount = bill.partAsDouble(part);
        if (!Double.isNaN(amount)) {
          cost.part(PriceMapping.part(part), amount);
        }
      }
    }
    return cost.build();
  }
}
