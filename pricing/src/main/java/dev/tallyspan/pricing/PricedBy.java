package dev.tallyspan.pricing;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The conditions that a seller prices by, and the values of them for which its unconditional cards
 * apply.
 *
 * <p>Most conditions of a call do not affect its price: OpenAI does not price by the region of the
 * caller. But if the seller prices by a condition, a value that no card and no adjustment has a
 * price for must not be billed at the price of another value.
 */
final class PricedBy {
  private final Dimension[] dimensions;
  private final String[][] standard;

  /**
   * @param standard by dimension, the values or patterns for which cards without that dimension
   *     apply; empty if they only apply to calls that do not state it
   */
  PricedBy(Map<Dimension, List<String>> standard) {
    this.dimensions = standard.keySet().toArray(new Dimension[0]);
    this.standard =
        standard.values().stream().map(v -> v.toArray(new String[0])).toArray(String[][]::new);
  }

  /**
   * Returns the conditions of a call that its price does not take into account, one per line, such
   * as {@code geo=eu}; null if there are none.
   *
   * @param place that served the call, or null
   * @param model that was called
   * @param card that the call is billed by
   */
  @Nullable String unpriced(
      PriceRequest call,
      @Nullable String place,
      PricedModel model,
      RateCard card,
      @Nullable String region) {
    String unpriced = null;
    for (int i = 0; i < dimensions.length; i++) {
      Dimension dimension = dimensions[i];
      String value = dimension == Dimension.GEO ? place : call.when(dimension);
      if (value == null
          || Condition.matches(standard[i], value)
          || prices(card.condition(), dimension)
          || model.adjusts(dimension, call, place, region)) {
        continue;
      }
      String term = dimension.wireName() + "=" + value;
      unpriced = unpriced == null ? term : unpriced + "\n" + term;
    }
    return unpriced;
  }

  /** Whether a condition takes a dimension into account; a region also determines the geo. */
  static boolean prices(Condition condition, Dimension dimension) {
    return condition.names(dimension)
        || dimension == Dimension.GEO && condition.names(Dimension.REGION);
  }
}
