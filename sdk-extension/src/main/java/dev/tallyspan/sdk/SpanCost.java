package dev.tallyspan.sdk;

import dev.tallyspan.pricing.CostPart;
import dev.tallyspan.pricing.Price;
import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.pricing.PriceRequest;
import dev.tallyspan.pricing.Unit;
import dev.tallyspan.pricing.Usage;
import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.Cost;
import dev.tallyspan.semconv.LlmSpan;
import dev.tallyspan.semconv.ReportedCost;
import dev.tallyspan.semconv.TokenUsage;
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
    if (llm.billing() != Billing.CALL) {
      boolean sum = llm.billing() == Billing.AGGREGATE;
      return Cost.builder(sum ? Cost.Status.AGGREGATE : Cost.Status.NOT_BILLABLE).build();
    }
    ReportedCost reported = llm.reportedCost();
    if (reported != null) {
      BigDecimal amount = reported.amount().stripTrailingZeros();
      return Cost.builder(Cost.Status.PROVIDER_REPORTED)
          .total(amount.doubleValue(), amount.toPlainString(), reported.currency())
          .build();
    }
    return cost(catalog.price(request(llm, epochNanos)));
  }

  private static PriceRequest request(LlmSpan llm, long epochNanos) {
    PriceRequest.Builder request =
        PriceRequest.builder()
            .provider(llm.provider())
            .responseModel(llm.responseModel())
            .requestModel(llm.requestModel())
            .at(Instant.ofEpochSecond(0, epochNanos))
            .usage(usage(llm));
    llm.priceConditions().forEach(request::when);
    return request.build();
  }

  /**
   * Inclusive totals to disjoint parts. Parts that exceed their total leave a negative rest, which
   * makes the call unpriced: no bill can be made from counts that contradict each other.
   */
  private static Usage usage(LlmSpan llm) {
    TokenUsage tokens = llm.usage();
    if (tokens == null) {
      return Usage.none();
    }
    long cacheRead = known(tokens.cacheRead());
    long cacheWrite = known(tokens.cacheWrite());
    long cacheWrite1h = known(tokens.cacheWrite1h());
    long cachedAudio = known(tokens.cacheReadModalities().audio());
    long cachedImage = known(tokens.cacheReadModalities().image());
    // A modality that is known in the cache alone is at least that much of the input.
    long audio = Math.max(known(tokens.inputModalities().audio()), cachedAudio) - cachedAudio;
    long image = Math.max(known(tokens.inputModalities().image()), cachedImage) - cachedImage;
    Usage.Builder usage =
        Usage.builder()
            .set(Unit.CACHE_READ, cacheRead - cachedAudio - cachedImage)
            .set(Unit.AUDIO_CACHE_READ, cachedAudio)
            .set(Unit.IMAGE_CACHE_READ, cachedImage)
            .set(Unit.CACHE_WRITE_5M, cacheWrite - cacheWrite1h)
            .set(Unit.CACHE_WRITE_1H, cacheWrite1h)
            .set(Unit.AUDIO_INPUT, audio)
            .set(Unit.IMAGE_INPUT, image)
            .set(Unit.WEB_SEARCH, known(llm.webSearches()));
    if (tokens.input() != TokenUsage.UNKNOWN) {
      usage.set(Unit.INPUT, tokens.input() - cacheRead - cacheWrite - audio - image);
    }
    long reasoning = known(tokens.reasoning());
    long spoken = known(tokens.outputModalities().audio());
    long drawn = known(tokens.outputModalities().image());
    usage
        .set(Unit.REASONING, reasoning)
        .set(Unit.AUDIO_OUTPUT, spoken)
        .set(Unit.IMAGE_OUTPUT, drawn);
    if (tokens.output() != TokenUsage.UNKNOWN) {
      usage.set(Unit.OUTPUT, tokens.output() - reasoning - spoken - drawn);
    }
    return usage.build();
  }

  private static Cost cost(Price price) {
    Cost.Builder cost =
        Cost.builder(
                switch (price.status()) {
                  case PRICED -> Cost.Status.PRICED;
                  case FREE -> Cost.Status.FREE;
                  case PARTIAL -> Cost.Status.PARTIAL;
                  case UNPRICED -> Cost.Status.UNPRICED;
                })
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

  private static long known(long count) {
    return Math.max(0, count);
  }
}
