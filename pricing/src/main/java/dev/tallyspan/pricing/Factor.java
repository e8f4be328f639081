package dev.tallyspan.pricing;

import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Applies an adjustment to rate cards. Caches the results: a card takes a few dozen decimal
 * multiplications, and the same few cards are used again and again.
 */
final class Factor {
  /** The most cards to cache; a catalog has a handful for each condition of a call. */
  private static final int MAX_CARDS = 8192;

  private final Adjustment adjustment;
  private final ConcurrentHashMap<RateCard, RateCard> adjusted = new ConcurrentHashMap<>();

  Factor(Adjustment adjustment) {
    this.adjustment = adjustment;
  }

  Adjustment adjustment() {
    return adjustment;
  }

  boolean applies(PriceRequest call, @Nullable String geo, @Nullable String region) {
    return adjustment.valid().contains(call.second())
        && adjustment.condition().matches(call, geo, region);
  }

  /**
   * Whether the factor is the price of the speed of the call, so that no card for that speed is
   * needed.
   */
  boolean pricesSpeed(PriceRequest call, @Nullable String geo, @Nullable String region) {
    return adjustment.condition().names(Dimension.SPEED) && applies(call, geo, region);
  }

  /** Returns the card with its rates multiplied; a free card is unchanged. */
  RateCard times(RateCard card) {
    if (card.isFree()) {
      return card;
    }
    RateCard known = adjusted.get(card);
    if (known == null) {
      known = card.adjusted(adjustment);
      if (adjusted.size() < MAX_CARDS) {
        adjusted.put(card, known);
      }
    }
    return known;
  }
}
