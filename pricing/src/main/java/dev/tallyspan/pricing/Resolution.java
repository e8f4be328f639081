package dev.tallyspan.pricing;

import org.jspecify.annotations.Nullable;

/**
 * The result of resolving a model's name.
 *
 * @param model or null if there is none
 * @param geo from the name (the prefix of a Bedrock inference profile), or null
 * @param region from the name (an ARN), or null
 * @param seller that bills the call, or null if there is no model
 * @param free whether the name makes the call free (OpenRouter's {@code :free})
 * @param pricedBy the conditions that the seller prices the model by, or null
 */
record Resolution(
    @Nullable PricedModel model,
    @Nullable String geo,
    @Nullable String region,
    @Nullable Provider seller,
    boolean free,
    @Nullable PricedBy pricedBy) {
  static final Resolution NONE = new Resolution(null, null, null, null, /* free= */ false, null);

  static Resolution of(@Nullable PricedModel model) {
    return model == null ? NONE : at(model, null, null);
  }

  /** A model whose name contains where it runs. */
  static Resolution at(PricedModel model, @Nullable String geo, @Nullable String region) {
    return new Resolution(model, geo, region, /* seller= */ null, /* free= */ false, null);
  }

  static Resolution freeOfCharge() {
    return new Resolution(null, null, null, null, /* free= */ true, null);
  }

  /** Returns this as sold by the provider of the model. */
  Resolution soldBy(Provider own) {
    PricedBy by = model == null || model.pricedBy() == null ? own.pricedBy() : model.pricedBy();
    return new Resolution(model, geo, region, own, free, by);
  }

  /** Returns this as sold by another provider. */
  Resolution resoldBy(Provider other) {
    return new Resolution(model, geo, region, other, free, other.pricedBy());
  }

  boolean isSoldBy(String provider) {
    return seller != null && seller.id().equals(provider);
  }

  boolean isServedInCallersRegion() {
    return seller != null && seller.servesInCallersRegion();
  }

  boolean found() {
    return model != null || free;
  }
}
