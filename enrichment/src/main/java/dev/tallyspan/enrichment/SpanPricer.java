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
import org.jspecify.annotations.Nullable;

/** Prices a span, independently of the rest of its trace. Thread-safe. */
public final class SpanPricer {

  /**
   * The cost of a span.
   *
   * @param cost to write on the span
   * @param bill that the cost is computed from; null if the span is not billed, or its cost was
   *     reported
   */
  public record Priced(Cost cost, @Nullable Bill bill) {

    /** {@return the price of the call itself, or null if there is no bill} */
    public @Nullable Price price() {
      return bill == null ? null : bill.price();
    }
  }

  private static final CostPart[] PARTS = CostPart.values();

  private final PriceCatalog catalog;
  private final Deployments deployments;
  private final CurrencyConversion conversion;

  /**
   * @param deployments names that the user has given to models
   * @param conversion of the cost that is written on the span
   */
  SpanPricer(PriceCatalog catalog, Deployments deployments, CurrencyConversion conversion) {
    this.catalog = requireNonNull(catalog, "catalog");
    this.deployments = requireNonNull(deployments, "deployments");
    this.conversion = conversion;
  }

  /**
   * {@return the span with the lifetime of its cache writes, if the span does not contain it and a
   * reported or client-computed cost proves it} Otherwise returns the same span.
   *
   * @param epochNanos time of the call
   * @param llm the LLM span
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
   * {@return the cost of a span} A cost that the provider or a gateway reported is used as it is.
   * The cost of a span that was processed before is not converted again.
   *
   * @param epochNanos time of the call, which determines the price
   * @param llm the LLM span
   */
  public Priced price(LlmSpan llm, long epochNanos) {
    Priced priced = priced(llm, epochNanos);
    return llm.alreadyProcessed() ? priced : conversion.convert(priced, epochNanos);
  }

  private Priced priced(LlmSpan llm, long epochNanos) {
    Cost known = Cost.withoutPrice(llm);
    if (known != null) {
      return new Priced(known, /* bill= */ null);
    }
    Bill bill = bill(llm, epochNanos);
    return new Priced(cost(bill), bill);
  }

  /**
   * {@return the bill by the catalog, even if a cost was reported}
   *
   * @param epochNanos time of the call, which determines the price
   * @param llm the LLM span
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
      LlmSpan llm,
      @Nullable String responseModel,
      @Nullable String requestModel,
      Usage usage,
      long epochNanos) {
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
