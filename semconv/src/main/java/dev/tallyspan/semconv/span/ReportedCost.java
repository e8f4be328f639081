package dev.tallyspan.semconv.span;

import java.math.BigDecimal;
import java.util.Objects;

/**
 * The cost of the call as reported by the emitter or a gateway.
 *
 * @param amount the exact amount, above zero, without trailing zeros
 * @param currency ISO 4217; USD if the emitter's key implies it
 * @param sourceKey the attribute that contains the cost
 */
public record ReportedCost(BigDecimal amount, String currency, String sourceKey) {
  /**
   * Checks and copies the components.
   *
   * @param amount the exact amount, above zero, without trailing zeros
   * @param currency ISO 4217; USD if the emitter's key implies it
   * @param sourceKey the attribute that contains the cost
   */
  public ReportedCost {
    amount = Objects.requireNonNull(amount, "amount").stripTrailingZeros();
    Objects.requireNonNull(currency, "currency");
    Objects.requireNonNull(sourceKey, "sourceKey");
  }

  SlotReading toSlotReading() {
    String text = amount.toPlainString() + " " + currency;
    return new SlotReading("reported_cost", text, sourceKey, "", "reported");
  }
}
