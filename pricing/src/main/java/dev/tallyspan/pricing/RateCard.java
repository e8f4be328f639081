package dev.tallyspan.pricing;

import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

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
  private final Map<Unit, @Nullable Rate> rates;
  private final Map<Unit, Unit> readAs;
  private final Map<Unit, Long> minimums;
  private final boolean free;
  private final String key;
  private final int line;
  private final @Nullable Charge[] charges;

  /**
   * What a call must report a quantity of, one bit for each unit: what goes in, or comes out, is
   * billed by the second or by the piece and not by the token. Zero where tokens have a price too,
   * since tables give the price of a piece beside that as another way to say it.
   */
  private final long inputMeasures;

  private final long outputMeasures;

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
      Map<Unit, @Nullable Rate> rates,
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
    this.inputMeasures = measures(Unit::measuresInput);
    this.outputMeasures = measures(Unit::measuresOutput);
    this.charges = new Charge[Unit.count()];
    for (int i = 0; i < charges.length; i++) {
      charges[i] = charge(Unit.at(i));
    }
    Charge grounded = charges[Unit.GROUNDED_PROMPT.ordinal()];
    if (charges[Unit.WEB_SEARCH.ordinal()] == null && grounded != null) {
      charges[Unit.WEB_SEARCH.ordinal()] = grounded.onceForTheCall();
    }
  }

  /** What a unit costs on this card, or null if it has no price. */
  @Nullable Charge charge(int unit) {
    return charges[unit];
  }

  /**
   * Whether the unit is the call itself and costs nothing: a card that is silent about a fee for
   * each call charges none.
   */
  boolean waives(int unit) {
    return unit == Unit.REQUEST.ordinal()
        && charges[unit] == null
        && !rates.containsKey(Unit.REQUEST);
  }

  /**
   * The units that a call is billed by of which it reports none, one bit each; of several that
   * stand for each other, all. Zero if it reports what it is billed by.
   *
   * @param present the units that it reports, one bit each
   */
  long unreported(long present) {
    long input = (present & inputMeasures) == 0 ? inputMeasures : 0;
    long output = (present & outputMeasures) == 0 ? outputMeasures : 0;
    return input | output;
  }

  private long measures(Predicate<Unit> side) {
    long measures = 0;
    for (Map.Entry<Unit, @Nullable Rate> entry : rates.entrySet()) {
      Unit unit = entry.getKey();
      boolean charged = entry.getValue() == null || !entry.getValue().isZero();
      if (charged && side.test(unit)) {
        if (unit.isToken()) {
          return 0;
        }
        measures |= 1L << unit.ordinal();
      }
    }
    return measures;
  }

  /** Returns this card with its rates multiplied. */
  RateCard adjusted(Adjustment adjustment) {
    Map<Unit, @Nullable Rate> scaled = new EnumMap<>(Unit.class);
    for (Map.Entry<Unit, @Nullable Rate> entry : rates.entrySet()) {
      Rate rate = entry.getValue();
      boolean multiplied = rate != null && (entry.getKey().isToken() || adjustment.fees());
      scaled.put(entry.getKey(), multiplied ? rate.times(adjustment.factor()) : rate);
    }
    String name = key + (key.indexOf('#') < 0 ? '#' : ',') + adjustment.label();
    return new RateCard(valid, known, condition, scaled, readAs, minimums, free, name, line);
  }

  /** Returns this card, valid no longer than until then. */
  RateCard validUntil(long end) {
    Interval ended = valid.endingBy(end);
    return ended == valid
        ? this
        : new RateCard(ended, known, condition, rates, readAs, minimums, free, key, line);
  }

  private @Nullable Charge charge(Unit unit) {
    if (free) {
      return new Charge(
          unit, new Rate(BigDecimal.ZERO, 1, 1), /* lowerBound= */ false, 0, /* once= */ false);
    }
    Unit billed = readAs.getOrDefault(unit, unit);
    if (rates.containsKey(billed)) {
      Rate rate = rates.get(billed);
      long minimum = minimums.getOrDefault(billed, 0L);
      return rate == null
          ? null
          : new Charge(billed, rate, /* lowerBound= */ false, minimum, /* once= */ false);
    }
    return inherited(unit);
  }

  private @Nullable Charge inherited(Unit unit) {
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
    return new Charge(unit, charge.rate(), cheaper || charge.lowerBound(), 0, /* once= */ false);
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

  Map<Unit, @Nullable Rate> rates() {
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
   * @param once whether the call is billed for one, however many there were
   */
  record Charge(Unit unit, Rate rate, boolean lowerBound, long minimum, boolean once) {
    Charge onceForTheCall() {
      return new Charge(unit, rate, lowerBound, minimum, /* once= */ true);
    }

    /** What is billed of a quantity, in smallest parts. */
    long billed(long quantity) {
      return once ? 1 : Math.max(quantity, minimum);
    }

    /** The amount of a quantity in femto-units, or a negative number if it has to be a decimal. */
    long femtos(long quantity) {
      long billed = billed(quantity);
      long each = rate.femtos();
      long low = each * billed;
      // Both are positive: the product fits exactly where its high half and its sign bit are zero.
      return each >= 0 && low >= 0 && Math.multiplyHigh(each, billed) == 0 ? low : -1;
    }
  }
}
