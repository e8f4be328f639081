package dev.tallyspan.pricing;

import java.math.BigDecimal;

/**
 * A factor on every token rate of a card, under a condition of its own; factors multiply.
 *
 * @param condition such as {@code geo=eu} (data residency) or {@code speed=fast}
 * @param factor such as 1.1; fees for tools, requests and seconds are not multiplied
 */
record Adjustment(Interval valid, Condition condition, BigDecimal factor) {}
