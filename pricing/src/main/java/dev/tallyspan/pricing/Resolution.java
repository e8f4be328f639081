package dev.tallyspan.pricing;

/**
 * What a model's name led to.
 *
 * @param model that it names, or null if it names none
 * @param geo that the name states (a Bedrock inference profile's prefix), or null
 * @param region that the name states (in an ARN), or null
 * @param seller the id of the provider that bills the call, or null where there is no model
 * @param free whether the name itself says that the call is free (OpenRouter's {@code :free})
 */
record Resolution(PricedModel model, String geo, String region, String seller, boolean free) {
  static final Resolution NONE = new Resolution(null, null, null, null, /* free= */ false);

  static Resolution of(PricedModel model) {
    return model == null
        ? NONE
        : new Resolution(model, null, null, model.provider(), /* free= */ false);
  }

  /** Returns this at another provider, which sells what this one makes. */
  Resolution soldBy(String other) {
    return new Resolution(model, geo, region, other, free);
  }

  boolean found() {
    return model != null || free;
  }
}
