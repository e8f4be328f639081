package dev.tallyspan.pricing;

/**
 * Why a price is partial or unknown. Kept as a name and said in words only when asked, so that the
 * calls of a model without a price cost no more than others.
 */
enum Shortfall {
  NO_USAGE("the call reports no usage"),
  NEGATIVE_QUANTITY("the quantity of %s is negative"),
  UNKNOWN_MODEL("the catalog has no such model of %s"),
  NO_MODEL("the call names no model"),
  UNKNOWN_PROVIDER("the catalog has no such provider"),
  NO_PROVIDER("the call names no provider, and the model's name alone does not tell it"),
  NO_CARD_THEN("no rate card of %s is valid at the time of the call"),
  NO_CARD_FOR_TIER("%s has no rate card for the service_tier served"),
  NO_CARD_FOR_SPEED("%s has no rate card for the speed served"),
  NO_CARD("%s has no rate card for the conditions of the call"),
  NO_RATE("%s has no rate for "),
  LOWER_BOUND("%s has no rate for cache_write_1h, the default's is lower");

  private final String text;

  Shortfall(String text) {
    this.text = text;
  }

  /** Whether it is about a model that the catalog has. */
  boolean isOfModel() {
    return compareTo(NO_CARD_THEN) >= 0;
  }

  /** In one line for people. */
  String describe(String subject) {
    return text.formatted(subject);
  }
}
