package dev.tallyspan.pricing;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The prices of one model at one time, for display. To price a call, use {@link
 * PriceCatalog#price}.
 *
 * @param key {@code provider/model}
 * @param currency of all rates, as an ISO 4217 code
 * @param cards in force at that time, in the order of the catalog; empty if there are none
 * @param factors on the token rates, such as {@code ×1.1 where geo=eu}; empty if there are none
 */
public record ModelPrices(String key, String currency, List<Card> cards, List<String> factors) {

  /**
   * Copies the lists.
   *
   * @param key the key
   * @param currency an ISO 4217 code
   * @param cards its prices, in the order in which they are tried
   * @param factors what multiplies its prices
   */
  public ModelPrices {
    cards = List.copyOf(cards);
    factors = List.copyOf(factors);
  }

  /**
   * A rate card.
   *
   * @param key as in {@link Price#priceKey}, {@code provider/model[#condition]}
   * @param from inclusive; null = no beginning
   * @param until exclusive; null = no end
   * @param free whether calls are free; if they are, there are no rates
   * @param rates price of one unit, in the order of {@link Unit}; null if the unit is charged at an
   *     unknown price
   */
  public record Card(
      String key,
      @Nullable Instant from,
      @Nullable Instant until,
      boolean free,
      Map<Unit, @Nullable BigDecimal> rates) {
    /**
     * Copies the rates.
     *
     * @param key the key
     * @param from the first time that it holds for
     * @param until the first time that it no longer holds for
     * @param free whether calls cost nothing
     * @param rates the rates
     */
    public Card {
      Map<Unit, @Nullable BigDecimal> copy = new EnumMap<>(Unit.class);
      copy.putAll(rates);
      rates = Collections.unmodifiableMap(copy);
    }

    static Card of(RateCard card) {
      Map<Unit, @Nullable BigDecimal> rates = new EnumMap<>(Unit.class);
      card.rates()
          .forEach((unit, rate) -> rates.put(unit, rate == null ? null : rate.perUnit(unit)));
      Interval valid = card.valid();
      return new Card(
          card.key(),
          valid.from() == Long.MIN_VALUE ? null : Instant.ofEpochSecond(valid.from()),
          valid.isOpenEnded() ? null : Instant.ofEpochSecond(valid.until()),
          card.isFree(),
          rates);
    }
  }

  /**
   * {@return the prices of a model, or null if the catalog does not have it}
   *
   * @param provider a name or alias; null to derive it from the model's name
   * @param model as in spans: an id or alias, possibly with a version suffix
   * @param at the time
   * @param catalog the prices
   */
  public static @Nullable ModelPrices of(
      PriceCatalog catalog, @Nullable String provider, String model, Instant at) {
    Resolution found = catalog.resolve(provider, model);
    if (found.free()) {
      Card free = new Card(model, null, null, /* free= */ true, Map.of());
      return new ModelPrices(model, catalog.currency(), List.of(free), List.of());
    }
    return found.model() == null ? null : of(found.model(), at);
  }

  private static ModelPrices of(PricedModel model, Instant at) {
    List<Card> cards = new ArrayList<>();
    for (RateCard card : model.cards()) {
      if (card.valid().contains(at) && card.known().isOpenEnded()) {
        cards.add(Card.of(card));
      }
    }
    List<String> factors = new ArrayList<>();
    for (Adjustment adjustment : model.adjustments()) {
      if (adjustment.valid().contains(at)) {
        factors.add("×" + adjustment.factor().toPlainString() + " where " + adjustment.label());
      }
    }
    return new ModelPrices(model.name(), model.currency(), cards, factors);
  }
}
