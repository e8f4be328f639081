package dev.tallyspan.pricing;

import java.math.BigDecimal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The lifetime of a call's cache writes, derived from a cost that was reported for the call. Needed
 * where the token counts do not contain the lifetime: a write for one hour costs more than one for
 * five minutes.
 */
public enum CacheLifetime {
  /** The prices differ, and the cost is the price for five minutes. */
  FIVE_MINUTES,
  /** The prices differ, and the cost is the price for one hour. */
  ONE_HOUR,
  /** The cost matches neither price, or does not distinguish them. */
  UNKNOWN;

  /**
   * The largest distance between a cost and a price that it matches, as a share of the prices'
   * difference.
   */
  private static final BigDecimal TOLERANCE = new BigDecimal("0.001");

  /**
   * The least number of units of the cost's last digit between two prices that it can distinguish.
   */
  private static final BigDecimal LEAST_STEPS = BigDecimal.valueOf(8);

  /**
   * {@return the lifetime of all cache writes of a call, if its cost proves it} The cost may be
   * rounded: it matches a price if they differ by at most one unit of its last decimal place.
   *
   * @param cost as reported, in the currency of the bills
   * @param fiveMinutes the bill if all writes live for five minutes
   * @param oneHour the bill if all writes live for one hour
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
      return UNKNOWN; // both prices round to about the same amount
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
