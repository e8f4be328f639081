package dev.tallyspan.pricing;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The conditions that a seller prices by, and for which of their values its cards without a
 * condition are right.
 *
 * <p>Most of what a call states of itself is of no matter to its price: OpenAI does not ask in
 * which region the caller runs. But where the seller does ask, a value that neither a card nor an
 * adjustment has a price for must not be billed at the price of another one.
 */
final class PricedBy {
  private final Dimension[] dimensions;
  private final String[][] standard;

  /**
   * @param standard by dimension, the values, or patterns of them as in a condition, that cards
   *     without that dimension are right for; empty if they are only right for calls that do not
   *     state it
   */
  PricedBy(Map<Dimension, List<String>> standard) {
    this.dimensions = standard.keySet().toArray(new Dimension[0]);
    this.standard =
        standard.values().stream().map(v -> v.toArray(new String[0])).toArray(String[][]::new);
  }

  /**
   * The conditions of a call that its price does not take into account, each in a line as {@code
   * geo=eu}; null if there are none.
   *
   * @param place where the call is known to have been served, or null
   * @param model that it is a price of
   * @param card that it is billed by
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

  /** Whether a condition takes a dimension into account; a region is a place, too. */
  static boolean prices(Condition condition, Dimension dimension) {
    return condition.names(dimension)
        || dimension == Dimension.GEO && condition.names(Dimension.REGION);
  }
}
