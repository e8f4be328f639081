package dev.tallyspan.pricing;

import org.jspecify.annotations.Nullable;

/**
 * What a model's name led to.
 *
 * @param model that it names, or null if it names none
 * @param geo that the name states (a Bedrock inference profile's prefix), or null
 * @param region that the name states (in an ARN), or null
 * @param seller who bills the call, or null where there is no model
 * @param free whether the name itself says that the call is free (OpenRouter's {@code :free})
 * @param pricedBy what else the seller prices the model by, or null
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

  /** A model whose name states where it runs. */
  static Resolution at(PricedModel model, @Nullable String geo, @Nullable String region) {
    return new Resolution(model, geo, region, /* seller= */ null, /* free= */ false, null);
  }

  static Resolution freeOfCharge() {
    return new Resolution(null, null, null, null, /* free= */ true, null);
  }

  /** Returns this as its own provider sells it, whose models may say what they are priced by. */
  Resolution soldBy(Provider own) {
    PricedBy by = model == null || model.pricedBy() == null ? own.pricedBy() : model.pricedBy();
    return new Resolution(model, geo, region, own, free, by);
  }

  /** Returns this at another provider, which sells what this one makes. */
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
