package dev.tallyspan.pricing;

import org.jspecify.annotations.Nullable;

/**
 * Why a price is partial or unknown. Kept as a name and said in words only when asked, so that the
 * calls of a model without a price cost no more than others.
 */
enum Shortfall {
  NO_USAGE("no_usage", "the call reports no usage"),
  NEGATIVE_QUANTITY("negative_quantity", "the quantity of %s is negative"),
  UNKNOWN_MODEL("unknown_model", "the catalog has no such model of %s"),
  NO_MODEL("no_model", "the call names no model"),
  UNKNOWN_PROVIDER("unknown_provider", "the catalog has no such provider"),
  NO_PROVIDER(
      "no_provider", "the call names no provider, and the model's name alone does not tell it"),
  NO_CARD_THEN("no_price_at_that_time", "no rate card of %s is valid at the time of the call"),
  NO_CARD_FOR_TIER(Dimension.SERVICE_TIER, "%s has no rate card for the service_tier served"),
  NO_CARD_FOR_SPEED(Dimension.SPEED, "%s has no rate card for the speed served"),
  PREPAID(
      Dimension.SERVICE_TIER,
      "%s was served by prepaid capacity, which is not billed by the token"),
  NO_CARD("no_price_for_the_conditions", "%s has no rate card for the conditions of the call"),
  /** There is a card, and something that it has no price for. */
  INCOMPLETE("", "%s has no ");

  private final String code;
  private final @Nullable Dimension dimension;
  private final String text;

  Shortfall(String code, String text) {
    this.code = code;
    this.dimension = null;
    this.text = text;
  }

  Shortfall(Dimension dimension, String text) {
    this.code = dimension.wireName();
    this.dimension = dimension;
    this.text = text;
  }

  /** The condition that it is about, or null. */
  @Nullable Dimension dimension() {
    return dimension;
  }

  /** Whether it is that there is a model, and no price for it. */
  boolean isOfUnpricedModel() {
    return switch (this) {
      case UNKNOWN_MODEL,
          UNKNOWN_PROVIDER,
          NO_PROVIDER,
          NO_CARD_THEN,
          NO_CARD_FOR_TIER,
          NO_CARD_FOR_SPEED,
          NO_CARD ->
          true;
      default -> false;
    };
  }

  /** Whether it is about a model that the catalog has. */
  boolean isOfModel() {
    return compareTo(NO_CARD_THEN) >= 0;
  }

  /**
   * For programs: what has no price, or why there is none.
   *
   * @param value of the condition that it is about; null if it is about none, or it is not known
   */
  String code(@Nullable String value) {
    return value == null ? code : code + "=" + value;
  }

  /** In one line for people. */
  String describe(@Nullable String subject) {
    return text.formatted(subject);
  }
}
