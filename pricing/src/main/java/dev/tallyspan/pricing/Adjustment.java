package dev.tallyspan.pricing;

import java.math.BigDecimal;

/**
 * A factor on the rates of a card, under a condition of its own; factors multiply.
 *
 * @param condition such as {@code geo=eu} (data residency) or {@code speed=fast}
 * @param factor such as 1.1
 * @param label the text that is appended to the price key
 * @param fees whether fees for tools, requests and seconds are multiplied too, and not only token
 *     rates
 */
record Adjustment(
    Interval valid, Condition condition, BigDecimal factor, String label, boolean fees) {}
