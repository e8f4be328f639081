package dev.tallyspan.semconv.span;

import java.math.BigDecimal;
import java.util.Objects;

/**
 * What the emitter said that the call cost.
 *
 * @param amount above zero, as exact as it was written, without trailing zeros
 * @param currency ISO 4217; USD where the emitter's key implies it
 * @param sourceKey the attribute that said so
 */
public record ReportedCost(BigDecimal amount, String currency, String sourceKey) {
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
