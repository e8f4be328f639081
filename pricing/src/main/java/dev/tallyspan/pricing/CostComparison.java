package dev.tallyspan.pricing;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * A cost that the provider or gateway reported for a call, compared with the computed one.
 *
 * <p>The reported amount is authoritative. The computed one verifies it.
 *
 * @param amount as reported
 * @param computed the total by the catalog, or null if unpriced
 */
public record CostComparison(BigDecimal amount, @Nullable BigDecimal computed) {
  /**
   * {@return the amount in OpenRouter's usage accounting: {@code cost}, plus the charge of the
   * upstream provider if the call used the user's own key (BYOK), which {@code cost} then does not
   * include}
   *
   * @param upstream the charge of the upstream provider, or null if not reported
   * @param cost the cost
   * @param byok whether the call used a key of the caller
   */
  public static BigDecimal ofOpenRouter(
      BigDecimal cost, boolean byok, @Nullable BigDecimal upstream) {
    return byok && upstream != null ? cost.add(upstream) : cost;
  }

  /**
   * Compares a reported amount with the price of the same call.
   *
   * @param amount the amount
   * @param price the price
   * @return both amounts
   */
  public static CostComparison compare(BigDecimal amount, Price price) {
    return new CostComparison(amount, price.total());
  }

  /** {@return computed minus reported, or null if unpriced} */
  public @Nullable BigDecimal delta() {
    return computed == null ? null : computed.subtract(amount);
  }

  /**
   * {@return whether the amounts differ by at most a share of the reported amount; false if
   * unpriced}
   *
   * @param tolerance such as 0.01 for one percent; 0 = equal
   */
  public boolean agrees(BigDecimal tolerance) {
    BigDecimal delta = delta();
    return delta != null && delta.abs().compareTo(amount.abs().multiply(tolerance)) <= 0;
  }

  /**
   * {@return the delta as a share of the reported amount, rounded half-even to four decimals; null
   * if unpriced, or if the reported amount is 0}
   */
  public @Nullable BigDecimal relativeDelta() {
    BigDecimal delta = delta();
    return delta == null || amount.signum() == 0
        ? null
        : delta.divide(amount, 4, RoundingMode.HALF_EVEN);
  }
}
