package dev.tallyspan.pricing;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A model as sold by one provider: its rate cards by time and condition. */
final class PricedModel {
  private final String provider;
  private final String id;
  private final String currency;
  private final boolean dated;
  private final Supplier<List<RateCard>> reader;
  private final Factor[] factors;
  private final String name;
  private final @Nullable PricedBy pricedBy;

  /** Null until the model is priced for the first time. */
  private volatile RateCard @Nullable [] cards;

  /**
   * @param dated whether names with a version suffix resolve to this model
   * @param cards called when the cards are needed for the first time; if threads need them at the
   *     same time, called by each
   * @param adjustments the model's own, then its provider's
   * @param pricedBy the conditions that this model is priced by, or null if they are those of its
   *     provider
   */
  PricedModel(
      String provider,
      String id,
      String currency,
      boolean dated,
      Supplier<List<RateCard>> cards,
      List<Adjustment> adjustments,
      @Nullable PricedBy pricedBy) {
    this.provider = provider;
    this.id = id;
    this.currency = currency;
    this.dated = dated;
    reader = cards;
    this.factors = adjustments.stream().map(Factor::new).toArray(Factor[]::new);
    this.name = provider + "/" + id;
    this.pricedBy = pricedBy;
  }

  String provider() {
    return provider;
  }

  String id() {
    return id;
  }

  String currency() {
    return currency;
  }

  boolean isDated() {
    return dated;
  }

  List<RateCard> cards() {
    return List.of(read());
  }

  private RateCard[] read() {
    RateCard[] read = cards;
    if (read == null) {
      read = reader.get().toArray(new RateCard[0]);
      cards = read;
    }
    return read;
  }

  List<Adjustment> adjustments() {
    return Stream.of(factors).map(Factor::adjustment).toList();
  }

  /**
   * Returns the card that the call is billed by, before any factor, or null if there is none.
   *
   * @param speedPriced whether a factor outside of this model prices the speed of the call
   */
  @Nullable RateCard select(
      PriceRequest call, @Nullable String geo, @Nullable String region, boolean speedPriced) {
    boolean tier = call.when(Dimension.SERVICE_TIER) != null;
    boolean speed =
        call.when(Dimension.SPEED) != null && !speedPriced && !pricesSpeed(call, geo, region);
    RateCard best = null;
    for (RateCard card : read()) {
      Condition condition = card.condition();
      if (precedes(card, best)
          && card.valid().contains(call.second())
          && isKnown(card, call)
          && (!tier || condition.names(Dimension.SERVICE_TIER))
          && (!speed || condition.names(Dimension.SPEED))
          && condition.matches(call, geo, region)) {
        best = card;
      }
    }
    return best;
  }

  /** Returns a card multiplied by this model's factors. */
  RateCard adjusted(
      RateCard card, PriceRequest call, @Nullable String geo, @Nullable String region) {
    RateCard adjusted = card;
    for (Factor factor : factors) {
      if (factor.applies(call, geo, region)) {
        adjusted = factor.times(adjusted);
      }
    }
    return adjusted;
  }

  /** Whether a factor for that dimension applies to the call. */
  boolean adjusts(
      Dimension dimension, PriceRequest call, @Nullable String geo, @Nullable String region) {
    for (Factor factor : factors) {
      if (PricedBy.prices(factor.adjustment().condition(), dimension)
          && factor.applies(call, geo, region)) {
        return true;
      }
    }
    return false;
  }

  /** The conditions that this model is priced by, or null if they are those of its provider. */
  @Nullable PricedBy pricedBy() {
    return pricedBy;
  }

  /** Returns why {@link #select} found no card. */
  Shortfall whyNone(PriceRequest call) {
    boolean inTime = false;
    for (RateCard card : read()) {
      inTime |= card.valid().contains(call.second()) && isKnown(card, call);
    }
    if (!inTime) {
      return Shortfall.NO_CARD_THEN;
    }
    String tier = call.when(Dimension.SERVICE_TIER);
    if (tier != null) {
      return Dimension.isPrepaid(tier) ? Shortfall.PREPAID : Shortfall.NO_CARD_FOR_TIER;
    }
    return call.when(Dimension.SPEED) != null ? Shortfall.NO_CARD_FOR_SPEED : Shortfall.NO_CARD;
  }

  String name() {
    return name;
  }

  private boolean pricesSpeed(PriceRequest call, @Nullable String geo, @Nullable String region) {
    for (Factor factor : factors) {
      if (factor.pricesSpeed(call, geo, region)) {
        return true;
      }
    }
    return false;
  }

  /** More specific, or as specific and newer. The latter happens only for knowledge of the past. */
  private static boolean precedes(RateCard card, @Nullable RateCard best) {
    if (best == null) {
      return true;
    }
    int more = card.condition().terms() - best.condition().terms();
    return more > 0 || more == 0 && card.valid().from() > best.valid().from();
  }

  private static boolean isKnown(RateCard card, PriceRequest request) {
    return request.knownAt() == null
        ? card.known().isOpenEnded()
        : card.known().contains(request.knownAt());
  }
}
