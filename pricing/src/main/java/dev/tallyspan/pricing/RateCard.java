package dev.tallyspan.pricing;

import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A complete set of rates for one condition and one stretch of time.
 *
 * <p>Complete means that a card never borrows from another: what it does not price itself follows
 * from its own rates by the lattice of {@link Unit}, or has no price.
 */
final class RateCard {
  private final Interval valid;
  private final Interval known;
  private final Condition condition;
  private final Map<Unit, Rate> rates;
  private final Map<Unit, Unit> readAs;
  private final Map<Unit, Long> minimums;
  private final boolean free;
  private final String key;
  private final int line;
  private final Charge[] charges;

  /**
   * @param valid when calls are billed by it
   * @param known when it was believed to be so; ends where an announcement was withdrawn
   * @param rates null as a rate means: charged, but for a price that cannot be told
   * @param readAs units that are really others, such as an image model's undivided output
   * @param minimums quantities below which the provider bills this much
   * @param key {@code provider/model[#condition]}
   */
  RateCard(
      Interval valid,
      Interval known,
      Condition condition,
      Map<Unit, Rate> rates,
      Map<Unit, Unit> readAs,
      Map<Unit, Long> minimums,
      boolean free,
      String key,
      int line) {
    this.valid = valid;
    this.known = known;
    this.condition = condition;
    this.rates = rates;
    this.readAs = readAs;
    this.minimums = minimums;
    this.free = free;
    this.key = key;
    this.line = line;
    this.charges = new Charge[Unit.count()];
    for (int i = 0; i < charges.length; i++) {
      charges[i] = charge(Unit.at(i));
    }
  }

  /** What a unit costs on this card, or null if it has no price. */
  Charge charge(int unit) {
    return charges[unit];
  }

  /** Returns this card with its rates multiplied. */
  RateCard adjusted(List<Adjustment> adjustments) {
    BigDecimal tokens = BigDecimal.ONE;
    BigDecimal fees = BigDecimal.ONE;
    StringBuilder name = new StringBuilder(key);
    for (Adjustment adjustment : adjustments) {
      tokens = tokens.multiply(adjustment.factor());
      fees = adjustment.fees() ? fees.multiply(adjustment.factor()) : fees;
      name.append(name.indexOf("#") < 0 ? '#' : ',').append(adjustment.label());
    }
    Map<Unit, Rate> scaled = new EnumMap<>(Unit.class);
    for (Map.Entry<Unit, Rate> entry : rates.entrySet()) {
      Rate rate = entry.getValue();
      BigDecimal factor = entry.getKey().isToken() ? tokens : fees;
      scaled.put(entry.getKey(), rate == null ? null : rate.times(factor));
    }
    return new RateCard(
        valid, known, condition, scaled, readAs, minimums, free, name.toString(), line);
  }

  /** Returns this card, valid no longer than until then. */
  RateCard validUntil(long end) {
    Interval ended = valid.endingBy(end);
    return ended == valid
        ? this
        : new RateCard(ended, known, condition, rates, readAs, minimums, free, key, line);
  }

  private Charge charge(Unit unit) {
    if (free) {
      return new Charge(unit, new Rate(BigDecimal.ZERO, 1, 1), /* lowerBound= */ false, 0);
    }
    Unit billed = readAs.getOrDefault(unit, unit);
    if (rates.containsKey(billed)) {
      Rate rate = rates.get(billed);
      long minimum = minimums.getOrDefault(billed, 0L);
      return rate == null ? null : new Charge(billed, rate, /* lowerBound= */ false, minimum);
    }
    if (unit == Unit.REQUEST) {
      return new Charge(unit, new Rate(BigDecimal.ZERO, 1, 1), /* lowerBound= */ false, 0);
    }
    return inherited(unit);
  }

  private Charge inherited(Unit unit) {
    Unit fresh =
        switch (unit) {
          case AUDIO_CACHE_READ -> Unit.AUDIO_INPUT;
          case IMAGE_CACHE_READ -> Unit.IMAGE_INPUT;
          default -> null;
        };
    if (fresh != null && rates.containsKey(fresh)) {
      // Cached audio is a special case of both cached text and fresh audio; with a rate of its own
      // for the second and none for the cross, neither rate is known to hold.
      return null;
    }
    Unit general = unit.general();
    if (general == null) {
      return null;
    }
    Charge charge = charge(general);
    if (charge == null) {
      return null;
    }
    boolean cheaper = unit == Unit.CACHE_WRITE_1H && rates.containsKey(Unit.CACHE_WRITE_5M);
    return new Charge(unit, charge.rate(), cheaper || charge.lowerBound(), 0);
  }

  Interval valid() {
    return valid;
  }

  Interval known() {
    return known;
  }

  Condition condition() {
    return condition;
  }

  Map<Unit, Rate> rates() {
    return rates;
  }

  boolean isFree() {
    return free;
  }

  String key() {
    return key;
  }

  int line() {
    return line;
  }

  /**
   * What one unit costs.
   *
   * @param unit the unit it appears under on the bill
   * @param lowerBound whether the true rate is known to be higher
   * @param minimum quantity that is billed at least, in smallest parts
   */
  record Charge(Unit unit, Rate rate, boolean lowerBound, long minimum) {}
}
