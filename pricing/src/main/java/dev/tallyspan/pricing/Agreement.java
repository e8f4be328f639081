package dev.tallyspan.pricing;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether two catalogs agree on a model: whatever the first one has a price for, now and in
 * the future that it covers, costs the same in the other. Prices that only the other one has do not
 * count.
 */
final class Agreement {
  private static final int HOURS = 24;
  private static final long QUANTITY = 1000;

  private final PriceCatalog mine;
  private final PriceCatalog other;
  private final Instant at;

  Agreement(PriceCatalog mine, PriceCatalog other, Instant at) {
    this.mine = mine;
    this.other = other;
    this.at = at;
  }

  boolean on(PricedModel model) {
    for (RateCard card : model.cards()) {
      if (card.valid().until() > at.getEpochSecond() && card.known().isOpenEnded()) {
        for (Instant time : times(card)) {
          if (!agreeOn(model, card, time)) {
            return false;
          }
        }
      }
    }
    return true;
  }

  private boolean agreeOn(PricedModel model, RateCard card, Instant time) {
    List<Condition> conditions = new ArrayList<>();
    conditions.add(Condition.ALWAYS);
    model.adjustments().forEach(adjustment -> conditions.add(adjustment.condition()));
    for (Condition adjusting : conditions) {
      for (Map.Entry<Unit, @Nullable Rate> rate : card.rates().entrySet()) {
        Unit unit = rate.getKey();
        // Tables write zero for unknown prices as often as for free units.
        boolean known = rate.getValue() != null && !rate.getValue().isZero();
        if (known && !same(request(model, card.condition(), adjusting, unit, time))) {
          return false;
        }
      }
      if (card.isFree() && !same(request(model, card.condition(), adjusting, Unit.INPUT, time))) {
        return false;
      }
    }
    return true;
  }

  private boolean same(PriceRequest call) {
    Price one = mine.price(call);
    Price two = other.price(call);
    BigDecimal total = one.total();
    return one.status() == two.status()
        && one.currency().equals(two.currency())
        && (total == null || total.compareTo(two.total()) == 0);
  }

  private static PriceRequest request(
      PricedModel model, Condition card, Condition adjusting, Unit unit, Instant time) {
    long tokens = card.exampleTokens();
    Usage.Builder usage = Usage.builder();
    if (unit.isInputToken()) {
      usage.set(unit, tokens);
    } else {
      usage.set(Unit.INPUT, tokens).set(unit, QUANTITY * unit.scale());
    }
    PriceRequest.Builder request =
        PriceRequest.builder()
            .provider(model.provider())
            .responseModel(model.id())
            .at(time)
            .usage(usage.build());
    adjusting.example((dimension, value) -> request.when(dimension.wireName(), value));
    card.example((dimension, value) -> request.when(dimension.wireName(), value));
    return request.build();
  }

  /** Times at which to compare the card: every hour of a day if the card depends on the hour. */
  private List<Instant> times(RateCard card) {
    Instant from =
        card.valid().from() > at.getEpochSecond() ? Instant.ofEpochSecond(card.valid().from()) : at;
    List<Instant> times = new ArrayList<>();
    for (int hour = 0; hour < (card.condition().hasWindows() ? HOURS : 1); hour++) {
      times.add(from.plus(Duration.ofHours(hour)));
    }
    return times;
  }
}
