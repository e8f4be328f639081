package dev.tallyspan.pricing;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What one call costs, line by line, and by which card; or why that is not known.
 *
 * <p>The line items sum to the total exactly. Immutable.
 */
public final class Price {
  private final PriceStatus status;
  private final Line[] lines;
  private final long femtos;
  private final BigDecimal total;
  private final String currency;
  private final String priceKey;
  private final String catalogVersion;
  private final String reason;

  /** The sum is {@code femtos} unless {@code total} is given; both are idle when unpriced. */
  private Price(
      PriceStatus status,
      Line[] lines,
      long femtos,
      BigDecimal total,
      String currency,
      String priceKey,
      String catalogVersion,
      String reason) {
    this.status = status;
    this.lines = lines;
    this.femtos = femtos;
    this.total = total;
    this.currency = currency;
    this.priceKey = priceKey;
    this.catalogVersion = catalogVersion;
    this.reason = reason;
  }

  static Price unpriced(String reason, String currency, String priceKey, String catalogVersion) {
    return new Price(
        PriceStatus.UNPRICED, new Line[0], 0, null, currency, priceKey, catalogVersion, reason);
  }

  /** A call that the name of its model says is free. */
  static Price free(String currency, String priceKey, String catalogVersion) {
    return new Price(
        PriceStatus.FREE, new Line[0], 0, null, currency, priceKey, catalogVersion, null);
  }

  /** Bills a usage without negative quantities by a card. */
  static Price bill(Usage usage, RateCard card, String currency, String catalogVersion) {
    Line[] lines = new Line[Long.bitCount(usage.present())];
    int count = 0;
    StringBuilder missing = null;
    boolean lowerBound = false;
    for (long rest = usage.present(); rest != 0; rest &= rest - 1) {
      int unit = Long.numberOfTrailingZeros(rest);
      long quantity = usage.get(Unit.at(unit));
      RateCard.Charge charge = card.charge(unit);
      if (charge == null && unit == Unit.WEB_SEARCH.ordinal()) {
        RateCard.Charge grounded = card.charge(Unit.GROUNDED_PROMPT.ordinal());
        if (grounded != null) {
          if (usage.get(Unit.GROUNDED_PROMPT) == 0) {
            lines[count++] = line(grounded, 1);
          }
          continue;
        }
      }
      if (charge == null) {
        missing = missing == null ? new StringBuilder() : missing.append(", ");
        missing.append(Unit.at(unit).wireName());
        continue;
      }
      lowerBound |= charge.lowerBound();
      lines[count++] = line(charge, quantity);
    }
    if (count == 0) {
      return unpriced(
          card.key() + " has no rate for " + missing, currency, card.key(), catalogVersion);
    }
    Line[] trimmed = count == lines.length ? lines : Arrays.copyOf(lines, count);
    String reason = reason(card, missing, lowerBound);
    PriceStatus status =
        card.isFree()
            ? PriceStatus.FREE
            : reason != null ? PriceStatus.PARTIAL : PriceStatus.PRICED;
    return summed(status, trimmed, currency, card.key(), catalogVersion, reason);
  }

  private static Line line(RateCard.Charge charge, long quantity) {
    long billed = Math.max(quantity, charge.minimum());
    long rate = charge.rate().femtos();
    if (rate >= 0) {
      long low = rate * billed;
      // Both are positive: the product fits exactly where its high half and its sign bit are zero.
      if (low >= 0 && Math.multiplyHigh(rate, billed) == 0) {
        return new Line(charge.unit(), billed, charge.rate(), low, null);
      }
    }
    return new Line(charge.unit(), billed, charge.rate(), 0, charge.rate().amount(billed));
  }

  private static Price summed(
      PriceStatus status,
      Line[] lines,
      String currency,
      String priceKey,
      String catalogVersion,
      String reason) {
    long sum = 0;
    boolean whole = true;
    for (Line line : lines) {
      sum += line.femtos;
      whole &= line.exact == null && sum >= 0;
    }
    BigDecimal total = null;
    if (!whole) {
      total = BigDecimal.ZERO;
      for (Line line : lines) {
        total = total.add(line.amount());
      }
      total = Rate.plain(total);
    }
    return new Price(
        status, lines, whole ? sum : 0, total, currency, priceKey, catalogVersion, reason);
  }

  private static String reason(RateCard card, StringBuilder missing, boolean lowerBound) {
    if (missing != null) {
      return card.key() + " has no rate for " + missing;
    }
    return lowerBound
        ? card.key() + " has no rate for cache_write_1h, the default's is lower"
        : null;
  }

  /** Returns what the price is worth. */
  public PriceStatus status() {
    return status;
  }

  /**
   * Returns the exact total in {@link #currency()}, or null when unpriced; a lower bound when
   * partial. Without trailing zeros, never in exponent form when printed plainly.
   */
  public BigDecimal total() {
    if (status == PriceStatus.UNPRICED) {
      return null;
    }
    return total != null ? total : Rate.plain(BigDecimal.valueOf(femtos, Rate.FEMTO_SCALE));
  }

  /** Returns the double nearest to {@link #total()}; NaN when unpriced. */
  public double totalAsDouble() {
    if (status == PriceStatus.UNPRICED) {
      return Double.NaN;
    }
    if (total == null && femtos <= 1L << 53) {
      // Two exact doubles, so that the one rounding of the division is the only one.
      return femtos / 1e15;
    }
    return total().doubleValue();
  }

  /** Returns the ISO 4217 code of the money. */
  public String currency() {
    return currency;
  }

  /** Returns the lines of the bill in the order of {@link Unit}; empty when unpriced. */
  public List<LineItem> items() {
    List<LineItem> items = new ArrayList<>(lines.length);
    for (Line line : lines) {
      items.add(
          new LineItem(line.unit, line.quantity, line.rate.perUnit(line.unit), line.amount()));
    }
    return List.copyOf(items);
  }

  /** Returns the sum of a part's line items, or null if it has none. */
  public BigDecimal part(CostPart part) {
    BigDecimal sum = null;
    for (Line line : lines) {
      if (line.unit.part() == part) {
        sum = sum == null ? line.amount() : Rate.plain(sum.add(line.amount()));
      }
    }
    return sum;
  }

  /**
   * Returns the card, {@code provider/model[#condition]}; without a condition when there was no
   * card for the call, and null when the model is not in the catalog.
   */
  public String priceKey() {
    return priceKey;
  }

  /** Returns the version of the catalog. */
  public String catalogVersion() {
    return catalogVersion;
  }

  /** Returns why the price is partial or unknown, in one line for people; else null. */
  public String reason() {
    return reason;
  }

  /** For people; not a format. */
  @Override
  public String toString() {
    String money =
        status == PriceStatus.UNPRICED ? "" : " " + total().toPlainString() + " " + currency;
    return status.wireName() + money + (reason == null ? "" : " (" + reason + ")");
  }

  /**
   * @param femtos the amount in 1e-15 currency units, unless {@code exact} is given
   */
  private record Line(Unit unit, long quantity, Rate rate, long femtos, BigDecimal exact) {
    BigDecimal amount() {
      return exact != null ? exact : Rate.plain(BigDecimal.valueOf(femtos, Rate.FEMTO_SCALE));
    }
  }
}
