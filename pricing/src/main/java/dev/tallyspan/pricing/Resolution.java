package dev.tallyspan.pricing;

/**
 * What a model's name led to.
 *
 * @param model that it names, or null if it names none
 * @param geo that the name states (a Bedrock inference profile's prefix), or null
 * @param region that the name states (in an ARN), or null
 * @param free whether the name itself says that the call is free (OpenRouter's {@code :free})
 */
record Resolution(PricedModel model, String geo, String region, boolean free) {
  static final Resolution NONE = new Resolution(null, null, null, /* free= */ false);

  static Resolution of(PricedModel model) {
    return model == null ? NONE : new Resolution(model, null, null, /* free= */ false);
  }

  boolean found() {
    return model != null || free;
  }
}
