package dev.tallyspan.pricing;

import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A complete set of rates for one condition and one interval of time.
 *
 * <p>Complete means that a card never uses rates of another card: a unit without a rate is priced
 * by the lattice of {@link Unit} from the card's own rates, or has no price.
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
   * The units that a call must report, one bit for each, because its input or output is billed by
   * the second or by the piece and not by the token. Zero if tokens have a price as well: tables
   * list the price per piece as an equivalent.
   */
  private final long inputMeasures;

  private final long outputMeasures;

  /**
   * @param valid when the card applies to calls
   * @param known when the card was known; ends if the announcement was withdrawn
   * @param rates a null rate means that the unit is charged at an unknown price
   * @param readAs units that are billed as others, such as the undivided output of an image model
   * @param minimums the least quantity that is billed, by unit
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

  /** The charge for a unit, or null if it has no price. */
  @Nullable Charge charge(int unit) {
    return charges[unit];
  }

  /**
   * Whether the unit is the call itself and is free: a card without a fee per call charges none.
   */
  boolean waives(int unit) {
    return unit == Unit.REQUEST.ordinal()
        && charges[unit] == null
        && !rates.containsKey(Unit.REQUEST);
  }

  /**
   * The units that a call is billed by and does not report, one bit each. Alternatives count as
   * reported if one of them is.
   *
   * @param present the units that the call reports, one bit each
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

  /** Returns this card, valid until then at the latest. */
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
      // Cached audio is a special case of both cached text and audio that is not cached. If only
      // the latter has a rate of its own, neither rate is known to apply.
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
   * The price of one unit.
   *
   * @param unit that it is listed under on the bill
   * @param lowerBound whether the true rate is known to be higher
   * @param minimum the least quantity that is billed, in smallest parts; 0 = none
   * @param once whether the call is billed for a quantity of 1, regardless of how many there were
   */
  record Charge(Unit unit, Rate rate, boolean lowerBound, long minimum, boolean once) {
    Charge onceForTheCall() {
      return new Charge(unit, rate, lowerBound, minimum, /* once= */ true);
    }

    /** The quantity that is billed, in smallest parts. */
    long billed(long quantity) {
      return once ? 1 : Math.max(quantity, minimum);
    }

    /** The amount for a quantity in femto-units; negative if it has to be computed as a decimal. */
    long femtos(long quantity) {
      long billed = billed(quantity);
      long each = rate.femtos();
      long low = each * billed;
      // Both are positive, so the product fits if its high half and its sign bit are zero.
      return each >= 0 && low >= 0 && Math.multiplyHigh(each, billed) == 0 ? low : -1;
    }
  }
}
