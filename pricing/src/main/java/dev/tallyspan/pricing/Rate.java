package dev.tallyspan.pricing;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * A price for a number of units, kept as the published fraction ("0.111 per 3600 seconds"), because
 * not every price for one unit is a finite decimal.
 *
 * <p>Money is counted in femto-units of the currency (1e-15) as a {@code long} if the price of the
 * smallest part is a whole number of them, like every real token price; otherwise, or if a product
 * does not fit into 63 bits, as a {@link BigDecimal}, multiplied first and divided last, rounded
 * half-even to 18 decimals.
 */
final class Rate {
  /** Decimals of a femto-unit. */
  static final int FEMTO_SCALE = 15;

  /** Decimals of an amount that has no finite decimal form. */
  static final int ROUNDED_SCALE = 18;

  private static final long INEXACT = -1;

  private final BigDecimal price;
  private final long per;
  private final long femtos;

  /**
   * @param price for {@code count} wire units, not negative
   * @param count wire units, positive
   * @param scale smallest parts in a wire unit ({@link Unit#scale()})
   */
  Rate(BigDecimal price, long count, int scale) {
    this.price = price;
    this.per = Math.multiplyExact(count, scale);
    this.femtos = femtos(price, per);
  }

  private Rate(BigDecimal price, long per) {
    this.price = price;
    this.per = per;
    this.femtos = femtos(price, per);
  }

  /** Returns this rate times a factor. */
  Rate times(BigDecimal factor) {
    return new Rate(price.multiply(factor), per);
  }

  boolean isZero() {
    return price.signum() == 0;
  }

  /**
   * The price of the smallest part in femto-units; negative if it is not a whole number of them.
   */
  long femtos() {
    return femtos;
  }

  /** The price of one wire unit. */
  BigDecimal perUnit(Unit unit) {
    return divide(price.multiply(BigDecimal.valueOf(unit.scale())), per);
  }

  /** Exact if the result has at most 18 decimals. */
  BigDecimal amount(long quantity) {
    return divide(price.multiply(BigDecimal.valueOf(quantity)), per);
  }

  private static BigDecimal divide(BigDecimal dividend, long divisor) {
    BigDecimal exact = powerOfTenQuotient(dividend, divisor);
    if (exact != null) {
      return exact;
    }
    int scale = Math.max(ROUNDED_SCALE, dividend.scale());
    return plain(dividend.divide(BigDecimal.valueOf(divisor), scale, RoundingMode.HALF_EVEN));
  }

  /** Per-million and per-thousand prices need no division. */
  private static @Nullable BigDecimal powerOfTenQuotient(BigDecimal dividend, long divisor) {
    int zeros = 0;
    long rest = divisor;
    while (rest % 10 == 0) {
      rest /= 10;
      zeros++;
    }
    return rest == 1 ? plain(dividend.movePointLeft(zeros)) : null;
  }

  static BigDecimal plain(BigDecimal number) {
    BigDecimal stripped = number.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }

  private static long femtos(BigDecimal price, long per) {
    BigDecimal scaled = price.movePointRight(FEMTO_SCALE).stripTrailingZeros();
    if (scaled.scale() > 0) {
      return INEXACT;
    }
    BigInteger[] quotient = scaled.toBigInteger().divideAndRemainder(BigInteger.valueOf(per));
    if (quotient[1].signum() != 0 || quotient[0].bitLength() > 62) {
      return INEXACT;
    }
    return quotient[0].longValue();
  }

  /** The rate in the notation of catalogs: {@code 10/1000}. */
  String published(Unit unit) {
    long units = per / unit.scale();
    return price.toPlainString() + (units == 1 ? "" : "/" + units);
  }

  @Override
  public String toString() {
    return price.toPlainString() + (per == 1 ? "" : "/" + per);
  }
}
