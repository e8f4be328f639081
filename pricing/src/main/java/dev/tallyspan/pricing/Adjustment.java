package dev.tallyspan.pricing;

import java.math.BigDecimal;

/**
 * A factor on the rates of a card, under a condition of its own; factors multiply.
 *
 * @param condition such as {@code geo=eu} (data residency) or {@code speed=fast}
 * @param factor such as 1.1
 * @param label what the price key says of it
 * @param fees whether fees for tools, requests and seconds are multiplied too, not only tokens
 */
record Adjustment(
    Interval valid, Condition condition, BigDecimal factor, String label, boolean fees) {}
