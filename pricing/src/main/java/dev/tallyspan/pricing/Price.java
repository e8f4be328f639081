package dev.tallyspan.pricing;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The price of one call, by line and with its rate card, or the reason why there is no price.
 *
 * <p>The line items sum to the total exactly. Immutable.
 *
 * <p>What does not exist is never 0: an object that does not exist is null, and its double is NaN.
 * A call that is unpriced has no {@link #total()}, and {@link #totalAsDouble()} is NaN; a part
 * without line items has no {@link #part} and its {@link #partAsDouble} is NaN.
 */
public final class Price {
  /*
   * A price is kept as what it follows from, the usage and the card, with the total alone in numbers. Lines, decimals and reasons are computed on demand. So a price that is only added up, like most prices, is one object of
   * 56 bytes (12 of header, 32 of references, 8 of total, on a 64-bit JVM with compressed references), and pricing
   * allocates nothing else, unless a condition of the call has no price.
   */

  /** Stands for a total that is not a whole number of femto-units, or does not fit into a long. */
  private static final long DECIMAL = -1;

  private final PriceStatus status;
  private final Usage usage;
  private final @Nullable RateCard card;
  private final long femtos;
  private final String currency;
  private final String catalogVersion;
  private final @Nullable Shortfall shortfall;

  /** What the shortfall is about, if there is no card. */
  private final @Nullable String subject;

  /**
   * With a card, the conditions that it does not price, {@code geo=eu}, in lines; without, the
   * value of the condition that the shortfall is about. Null if there is none.
   */
  private final @Nullable String condition;

  private Price(
      PriceStatus status,
      Usage usage,
      @Nullable RateCard card,
      long femtos,
      String currency,
      String catalogVersion,
      @Nullable Shortfall shortfall,
      @Nullable String subject,
      @Nullable String condition) {
    this.status = status;
    this.usage = usage;
    this.card = card;
    this.femtos = femtos;
    this.currency = currency;
    this.catalogVersion = catalogVersion;
    this.shortfall = shortfall;
    this.subject = subject;
    this.condition = condition;
  }

  /**
   * Creates the price of a call without a card.
   *
   * @param subject what the shortfall is about, or null
   * @param condition the value of the condition that it is about, or null
   */
  static Price unpriced(
      Shortfall shortfall,
      @Nullable String subject,
      @Nullable String condition,
      String currency,
      String catalogVersion) {
    return new Price(
        PriceStatus.UNPRICED,
        Usage.none(),
        /* card= */ null,
        0,
        currency,
        catalogVersion,
        shortfall,
        subject,
        condition);
  }

  /** Creates the price of a call that is free by the name of its model. */
  static Price free(String currency, String catalogVersion) {
    return new Price(
        PriceStatus.FREE, Usage.none(), null, 0, currency, catalogVersion, null, null, null);
  }

  /**
   * Bills a usage by a card.
   *
   * @param usage without negative quantities
   * @param unpricedConditions that the seller prices by and the card does not; null if there are
   *     none
   */
  static Price bill(
      Usage usage,
      RateCard card,
      @Nullable String unpricedConditions,
      String currency,
      String version) {
    long sum = 0;
    boolean whole = true;
    boolean billed = false;
    boolean incomplete =
        unpricedConditions != null
            || !usage.unknownUnits().isEmpty()
            || card.unreported(usage.present()) != 0;
    int index = 0;
    for (long rest = usage.present(); rest != 0; rest &= rest - 1) {
      int unit = Long.numberOfTrailingZeros(rest);
      RateCard.Charge charge = card.charge(unit);
      long quantity = usage.at(index++);
      if (charge == null) {
        incomplete |= !card.waives(unit);
        continue;
      }
      incomplete |= charge.lowerBound();
      billed = true;
      if (!repeats(charge, usage)) {
        long amount = charge.femtos(quantity);
        sum += amount;
        whole &= amount >= 0 && sum >= 0;
      }
    }
    if (!billed && !incomplete) {
      return unpriced(Shortfall.NO_USAGE, null, null, currency, version);
    }
    // A free model is free for unknown units as well.
    incomplete &= !card.isFree() || !billed;
    PriceStatus status =
        !billed
            ? PriceStatus.UNPRICED
            : incomplete
                ? PriceStatus.PARTIAL
                : card.isFree() ? PriceStatus.FREE : PriceStatus.PRICED;
    return new Price(
        status,
        usage,
        card,
        whole ? sum : DECIMAL,
        currency,
        version,
        incomplete ? Shortfall.INCOMPLETE : null,
        /* subject= */ null,
        unpricedConditions);
  }

  /** Whether a fee for the whole call is already on the bill, under its own unit. */
  private static boolean repeats(RateCard.Charge charge, Usage usage) {
    return charge.once() && usage.get(charge.unit()) != 0;
  }

  /** {@return how complete the price is} */
  public PriceStatus status() {
    return status;
  }

  /**
   * {@return the exact total in {@link #currency()}: null if unpriced, a lower bound if partial}
   * Has no trailing zeros and no negative scale.
   */
  public @Nullable BigDecimal total() {
    return status == PriceStatus.UNPRICED ? null : exactTotal();
  }

  private BigDecimal exactTotal() {
    if (femtos != DECIMAL) {
      return decimal(femtos);
    }
    BigDecimal total = BigDecimal.ZERO;
    for (LineItem item : items()) {
      total = total.add(item.amount());
    }
    return Rate.plain(total);
  }

  /** {@return the double nearest to {@link #total()}; NaN if unpriced} */
  public double totalAsDouble() {
    if (status == PriceStatus.UNPRICED) {
      return Double.NaN;
    }
    return isExactDouble(femtos) ? femtos / 1e15 : exactTotal().doubleValue();
  }

  /** {@return the currency of all amounts, as an ISO 4217 code} */
  public String currency() {
    return currency;
  }

  /** {@return the lines of the bill in the order of {@link Unit}; empty if unpriced} */
  public List<LineItem> items() {
    List<LineItem> items = new ArrayList<>(Long.bitCount(usage.present()));
    int index = 0;
    for (long rest = usage.present(); rest != 0; rest &= rest - 1) {
      RateCard.Charge charge = card().charge(Long.numberOfTrailingZeros(rest));
      long quantity = usage.at(index++);
      if (charge != null && !repeats(charge, usage)) {
        Unit unit = charge.unit();
        items.add(
            new LineItem(
                unit,
                charge.billed(quantity),
                charge.rate().perUnit(unit),
                amount(charge, quantity)));
      }
    }
    return List.copyOf(items);
  }

  /**
   * {@return the sum of the line items of a part, or null if it has none}
   *
   * @param part the part
   */
  public @Nullable BigDecimal part(CostPart part) {
    BigDecimal sum = null;
    int index = 0;
    for (long rest = usage.present(); rest != 0; rest &= rest - 1) {
      RateCard.Charge charge = card().charge(Long.numberOfTrailingZeros(rest));
      long quantity = usage.at(index++);
      if (charge != null && charge.unit().part() == part && !repeats(charge, usage)) {
        BigDecimal amount = amount(charge, quantity);
        sum = sum == null ? amount : Rate.plain(sum.add(amount));
      }
    }
    return sum;
  }

  /**
   * {@return the double nearest to {@link #part}; NaN if the part has no line items}
   *
   * @param part the part
   */
  public double partAsDouble(CostPart part) {
    long sum = 0;
    boolean found = false;
    int index = 0;
    for (long rest = usage.present(); rest != 0; rest &= rest - 1) {
      RateCard.Charge charge = card().charge(Long.numberOfTrailingZeros(rest));
      long quantity = usage.at(index++);
      if (charge != null && charge.unit().part() == part && !repeats(charge, usage)) {
        found = true;
        long amount = charge.femtos(quantity);
        sum += amount;
        if (amount < 0 || !isExactDouble(sum)) {
          return requireNonNull(part(part)).doubleValue();
        }
      }
    }
    return found ? sum / 1e15 : Double.NaN;
  }

  /**
   * {@return the key of the rate card, {@code provider/model[#condition]}; {@code provider/model}
   * if the model has no card for the call, null if the catalog does not have the model}
   */
  public @Nullable String priceKey() {
    if (card != null) {
      return card.key();
    }
    return shortfall != null && shortfall.isOfModel() ? subject : null;
  }

  /** {@return the version of the catalog} */
  public String catalogVersion() {
    return catalogVersion;
  }

  /**
   * {@return what has no price: names of units, and conditions such as {@code geo=eu}} If unpriced,
   * returns a code for the reason, such as {@code unknown_model} or {@code no_usage}. Empty if the
   * price is complete.
   */
  public List<String> missing() {
    if (shortfall == null) {
      return List.of();
    }
    if (card == null) {
      return List.of(shortfall.code(condition));
    }
    List<String> missing = new ArrayList<>();
    forEachUnit(/* lowerBound= */ false, missing::add);
    missing.addAll(usage.unknownUnits());
    forEachUnreported(missing::add);
    forEachUnit(/* lowerBound= */ true, missing::add);
    if (condition != null) {
      missing.addAll(condition.lines().toList());
    }
    return List.copyOf(missing);
  }

  /**
   * {@return whether the catalog has no price for the model of the call, as it was served} False if
   * the call itself lacks what a price needs.
   */
  public boolean isOfUnpricedModel() {
    return card == null && shortfall != null && shortfall.isOfUnpricedModel();
  }

  /** {@return why the price is partial or unknown, in one line for display; otherwise null} */
  public @Nullable String reason() {
    if (shortfall == null) {
      return null;
    }
    if (card == null) {
      return shortfall.describe(subject);
    }
    List<String> units = new ArrayList<>();
    forEachUnit(/* lowerBound= */ false, units::add);
    List<String> dearer = new ArrayList<>();
    forEachUnit(/* lowerBound= */ true, dearer::add);
    StringJoiner reasons = new StringJoiner("; ");
    if (!units.isEmpty()) {
      reasons.add(shortfall.describe(card.key()) + "rate for " + String.join(", ", units));
    }
    if (!usage.unknownUnits().isEmpty()) {
      reasons.add("unknown unit " + String.join(", ", usage.unknownUnits()));
    }
    StringJoiner unreported = new StringJoiner(" or ");
    forEachUnreported(unreported::add);
    if (unreported.length() > 0) {
      reasons.add(card.key() + " bills by " + unreported + ", which the call does not report");
    }
    for (String unit : dearer) {
      reasons.add(
          shortfall.describe(card.key()) + "rate for " + unit + ", and the default rate is lower");
    }
    if (condition != null) {
      reasons.add(shortfall.describe(card.key()) + "price for " + condition.replace("\n", ", "));
    }
    return reasons.toString();
  }

  /** Passes the units without a rate, or those whose rate is known to be too low. */
  private void forEachUnit(boolean lowerBound, Consumer<String> units) {
    for (long rest = usage.present(); rest != 0; rest &= rest - 1) {
      int unit = Long.numberOfTrailingZeros(rest);
      RateCard.Charge charge = card().charge(unit);
      boolean lacking = charge == null && !card().waives(unit);
      if (lowerBound ? charge != null && charge.lowerBound() : lacking) {
        units.accept(Unit.at(unit).wireName());
      }
    }
  }

  /** Usage is kept only with the card that it is billed by. */
  private RateCard card() {
    return requireNonNull(card);
  }

  private void forEachUnreported(Consumer<String> units) {
    for (long rest = card().unreported(usage.present()); rest != 0; rest &= rest - 1) {
      units.accept(Unit.at(Long.numberOfTrailingZeros(rest)).wireName());
    }
  }

  /** Whether the call does not report a unit that it is billed by. */
  boolean lacksMeasure() {
    return card != null && card.unreported(usage.present()) != 0;
  }

  /** For display only; not a stable format. */
  @Override
  public String toString() {
    String money =
        status == PriceStatus.UNPRICED ? "" : " " + exactTotal().toPlainString() + " " + currency;
    String reason = reason();
    return status.wireName() + money + (reason == null ? "" : " (" + reason + ")");
  }

  /**
   * Whether both it and 1e15 are doubles, so that the one rounding of their quotient is the only
   * one.
   */
  private static boolean isExactDouble(long femtos) {
    return femtos >= 0 && femtos <= 1L << 53;
  }

  private static BigDecimal amount(RateCard.Charge charge, long quantity) {
    long femtos = charge.femtos(quantity);
    return femtos >= 0 ? decimal(femtos) : charge.rate().amount(charge.billed(quantity));
  }

  private static BigDecimal decimal(long femtos) {
    return Rate.plain(BigDecimal.valueOf(femtos, Rate.FEMTO_SCALE));
  }
}
