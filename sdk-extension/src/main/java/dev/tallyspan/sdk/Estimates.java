package dev.tallyspan.sdk;

import dev.tallyspan.enrichment.TokenEstimator;
import dev.tallyspan.enrichment.estimate.UsageEstimator;
import dev.tallyspan.pricing.Deployments;

/** Makes estimators with the tokenizer, whose jar is optional. */
final class Estimates {

  private static final String TOKENIZER = "com.knuddels.jtokkit.Encodings";

  private Estimates() {}

  /**
   * Does nothing if the tokenizer is on the class path.
   *
   * @throws IllegalArgumentException if it is not
   */
  static void checkAvailable() {
    try {
      Class.forName(TOKENIZER, /* initialize= */ false, Estimates.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalArgumentException(
          "com.knuddels:jtokkit is missing: add it to the class path, next to this jar", e);
    }
  }

  /** Returns an estimator, which knows models by these names as well as by their own. */
  static TokenEstimator create(Deployments deployments, int maxCharacters) {
    return UsageEstimator.builder().maxCharacters(maxCharacters).deployments(deployments).build();
  }
}
