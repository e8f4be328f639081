package dev.tallyspan.pricing;

import org.jspecify.annotations.Nullable;

/**
 * The reason why a price is partial or unknown. Text is created only on demand, so that calls of a
 * model without a price cost no more CPU than others.
 */
enum Shortfall {
  NO_USAGE("no_usage", "the call reports no usage"),
  NEGATIVE_QUANTITY("negative_quantity", "the quantity of %s is negative"),
  UNKNOWN_MODEL("unknown_model", "the catalog has no such model of %s"),
  NO_MODEL("no_model", "the call names no model"),
  UNKNOWN_PROVIDER("unknown_provider", "the catalog has no such provider"),
  NO_PROVIDER(
      "no_provider",
      "the call names no provider, and the model's name alone does not identify one"),
  NO_CARD_THEN("no_price_at_that_time", "no rate card of %s is valid at the time of the call"),
  NO_CARD_FOR_TIER(Dimension.SERVICE_TIER, "%s has no rate card for the service_tier served"),
  NO_CARD_FOR_SPEED(Dimension.SPEED, "%s has no rate card for the speed served"),
  PREPAID(
      Dimension.SERVICE_TIER,
      "%s was served by prepaid capacity, which is not billed by the token"),
  NO_CARD("no_price_for_the_conditions", "%s has no rate card for the conditions of the call"),
  /** There is a card, and it lacks a price for something. */
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

  /** Whether the call has a model that the catalog has no price for. */
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

  /** Whether the catalog has the model. */
  boolean isOfModel() {
    return compareTo(NO_CARD_THEN) >= 0;
  }

  /**
   * A code: what has no price, or why there is none.
   *
   * @param value of the condition that it is about; null if there is none, or it is unknown
   */
  String code(@Nullable String value) {
    return value == null ? code : code + "=" + value;
  }

  /** In one line, for display. */
  String describe(@Nullable String subject) {
    return text.formatted(subject);
  }
}
