package dev.tallyspan.pricing;

import java.util.ArrayList;
import java.util.List;

/** A model as one provider sells it: its rate cards over time and condition. */
final class PricedModel {
  private final String provider;
  private final String id;
  private final String currency;
  private final boolean dated;
  private final RateCard[] cards;
  private final List<Adjustment> adjustments;

  /**
   * @param dated whether a name that is this one with a version suffix means this model
   * @param adjustments the model's own, then its provider's
   */
  PricedModel(
      String provider,
      String id,
      String currency,
      boolean dated,
      List<RateCard> cards,
      List<Adjustment> adjustments) {
    this.provider = provider;
    this.id = id;
    this.currency = currency;
    this.dated = dated;
    this.cards = cards.toArray(new RateCard[0]);
    this.adjustments = List.copyOf(adjustments);
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
    return List.of(cards);
  }

  List<Adjustment> adjustments() {
    return adjustments;
  }

  /**
   * Returns the card that the call is billed by, adjusted, or null if there is none.
   *
   * @param contract further factors, of whoever pays
   */
  RateCard select(Circumstances call, List<Adjustment> contract) {
    List<Adjustment> applied = applying(adjustments, call, applying(contract, call, List.of()));
    boolean tier = call.value(Dimension.SERVICE_TIER) != null;
    boolean speed = call.value(Dimension.SPEED) != null && !names(applied, Dimension.SPEED);
    RateCard best = null;
    for (RateCard card : cards) {
      Condition condition = card.condition();
      if (precedes(card, best)
          && card.valid().contains(call.at())
          && isKnown(card, call.request())
          && (!tier || condition.names(Dimension.SERVICE_TIER))
          && (!speed || condition.names(Dimension.SPEED))
          && condition.matches(call)) {
        best = card;
      }
    }
    return best == null || applied.isEmpty() || best.isFree() ? best : best.adjusted(applied);
  }

  /** Why {@link #select} found nothing, for people. */
  String whyNone(Circumstances call) {
    boolean inTime = false;
    for (RateCard card : cards) {
      inTime |= card.valid().contains(call.at()) && isKnown(card, call.request());
    }
    if (!inTime) {
      return "no rate card of " + name() + " is valid at the time of the call";
    }
    for (Dimension dimension : Dimension.values()) {
      if (dimension.isStrict() && call.value(dimension) != null) {
        return name() + " has no rate card for the " + dimension.wireName() + " served";
      }
    }
    return name() + " has no rate card for the conditions of the call";
  }

  String name() {
    return provider + "/" + id;
  }

  private static List<Adjustment> applying(
      List<Adjustment> candidates, Circumstances call, List<Adjustment> before) {
    List<Adjustment> applied = before;
    for (int i = 0; i < candidates.size(); i++) {
      Adjustment adjustment = candidates.get(i);
      if (adjustment.valid().contains(call.at()) && adjustment.condition().matches(call)) {
        applied = applied.isEmpty() ? new ArrayList<>(2) : applied;
        applied.add(adjustment);
      }
    }
    return applied;
  }

  private static boolean names(List<Adjustment> adjustments, Dimension dimension) {
    for (int i = 0; i < adjustments.size(); i++) {
      if (adjustments.get(i).condition().names(dimension)) {
        return true;
      }
    }
    return false;
  }

  /** More specific, or as specific and newer; the latter only where past knowledge is asked for. */
  private static boolean precedes(RateCard card, RateCard best) {
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
