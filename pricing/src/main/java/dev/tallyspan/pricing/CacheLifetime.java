package dev.tallyspan.pricing;

import java.math.BigDecimal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tells from the cost that a client says a call had how long its cache writes live, where its
 * counts do not: a write for an hour costs more than one for five minutes, by the catalog.
 */
public enum CacheLifetime {
  /** Both prices differ, and the cost is the one of five minutes. */
  FIVE_MINUTES,
  /** Both prices differ, and the cost is the one of an hour. */
  ONE_HOUR,
  /** The cost fits neither price, or does not tell them apart. */
  UNKNOWN;

  /** How far a cost may be from the price that it fits, as a share of the prices' difference. */
  private static final BigDecimal TOLERANCE = new BigDecimal("0.001");

  /** How many of its last digits' units must fit between the prices, to tell them apart. */
  private static final BigDecimal LEAST_STEPS = BigDecimal.valueOf(8);

  /**
   * Returns the lifetime of all cache writes of a call, if its cost shows one. A cost may be
   * rounded: it fits a price from which it is no further than one unit of its last decimal place.
   *
   * @param cost what the client says, in the currency of the prices
   * @param fiveMinutes the bill with all writes for five minutes
   * @param oneHour the bill with all writes for an hour
   */
  public static CacheLifetime of(BigDecimal cost, Bill fiveMinutes, Bill oneHour) {
    Objects.requireNonNull(cost, "cost");
    BigDecimal low = completeTotal(fiveMinutes);
    BigDecimal high = completeTotal(oneHour);
    if (low == null || high == null) {
      return UNKNOWN;
    }
    BigDecimal between = high.subtract(low);
    BigDecimal step = BigDecimal.ONE.scaleByPowerOfTen(-cost.scale());
    if (between.compareTo(step) <= 0) {
      return UNKNOWN; // by an hour or by five minutes, it is rounded to about the same
    }
    if (cost.compareTo(low) == 0 || cost.compareTo(high) == 0) {
      return cost.compareTo(low) == 0 ? FIVE_MINUTES : ONE_HOUR;
    }
    if (step.multiply(LEAST_STEPS).compareTo(between) > 0) {
      return UNKNOWN;
    }
    BigDecimal tolerance = between.multiply(TOLERANCE).max(step);
    if (cost.subtract(low).abs().compareTo(tolerance) <= 0) {
      return FIVE_MINUTES;
    }
    return cost.subtract(high).abs().compareTo(tolerance) <= 0 ? ONE_HOUR : UNKNOWN;
  }

  private static @Nullable BigDecimal completeTotal(Bill bill) {
    return bill.status() == PriceStatus.PRICED ? bill.total() : null;
  }
}
