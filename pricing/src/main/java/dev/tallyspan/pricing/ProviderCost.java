package dev.tallyspan.pricing;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * A cost that the provider or gateway itself reported for a call, set beside the computed one.
 *
 * <p>The reported amount is authoritative: it is the bill. The computed one is a check on it.
 *
 * @param amount that the provider reported
 * @param computed the catalog's total, or null if it has none
 */
public record ProviderCost(BigDecimal amount, @Nullable BigDecimal computed) {
  /**
   * Returns the amount of OpenRouter's usage accounting: {@code cost}, and with a key of one's own
   * (BYOK) also what the upstream provider charged, which {@code cost} does not contain then.
   */
  public static BigDecimal ofOpenRouter(
      BigDecimal cost, boolean byok, @Nullable BigDecimal upstream) {
    return byok && upstream != null ? cost.add(upstream) : cost;
  }

  /** Compares a reported amount with the price of the same call. */
  public static ProviderCost compare(BigDecimal amount, Price price) {
    return new ProviderCost(amount, price.total());
  }

  /** Returns computed minus reported, or null if nothing was computed. */
  public @Nullable BigDecimal delta() {
    return computed == null ? null : computed.subtract(amount);
  }

  /**
   * Returns whether the two differ by at most this share of the reported amount; false if nothing
   * was computed.
   *
   * @param tolerance such as 0.01 for one percent
   */
  public boolean agrees(BigDecimal tolerance) {
    BigDecimal delta = delta();
    return delta != null && delta.abs().compareTo(amount.abs().multiply(tolerance)) <= 0;
  }

  /** Returns the delta as a share of the reported amount in four decimals; null without either. */
  public @Nullable BigDecimal relativeDelta() {
    BigDecimal delta = delta();
    return delta == null || amount.signum() == 0
        ? null
        : delta.divide(amount, 4, RoundingMode.HALF_EVEN);
  }
}
