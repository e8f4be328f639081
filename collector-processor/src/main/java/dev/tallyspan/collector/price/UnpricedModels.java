package dev.tallyspan.collector.price;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.telemetry.DistinctNames;
import dev.tallyspan.pricing.Price;
import dev.tallyspan.semconv.span.LlmSpan;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * Counts the calls of models without a price, by provider and model, in {@code
 * tallyspan_unpriced_calls}, and logs each of these models once. The first {@value #LIMIT} models
 * have labels of their own, all others are counted as {@code other}. Thread-safe.
 */
public final class UnpricedModels {

  static final int LIMIT = 100;

  private static final Logger LOGGER = System.getLogger(UnpricedModels.class.getName());
  private static final AttributeKey<String> PROVIDER = AttributeKey.stringKey("provider");
  private static final AttributeKey<String> MODEL = AttributeKey.stringKey("model");

  private final DistinctNames seen = new DistinctNames(LIMIT);
  private final Attributes common;
  private final Attributes others;
  private final LongCounter calls;

  /**
   * @param common labels of every series
   */
  public UnpricedModels(Meter meter, Attributes common) {
    this.common = requireNonNull(common, "common");
    others = labels(DistinctNames.OTHER, DistinctNames.OTHER);
    calls =
        meter
            .counterBuilder("tallyspan_unpriced_calls")
            .setDescription("Calls of models that the catalog has no price for.")
            .setUnit("{call}")
            .build();
  }

  private Attributes labels(String provider, String model) {
    return common.toBuilder().put(PROVIDER, provider).put(MODEL, model).build();
  }

  /**
   * Counts a call if its model has no price.
   *
   * @param price the result of pricing the call; null if it was not priced
   */
  public void count(LlmSpan llm, @Nullable Price price) {
    if (price == null || !price.isOfUnpricedModel()) {
      return;
    }
    String model = DistinctNames.printable(ModelLabels.model(llm));
    String provider = DistinctNames.printable(ModelLabels.provider(llm));
    switch (seen.see(provider + "/" + model)) {
      case FIRST -> {
        LOGGER.log(
            Level.WARNING,
            "no price for model {0} of provider {1}: {2}; its calls are unpriced",
            model,
            provider,
            price.reason());
        calls.add(1, labels(provider, model));
      }
      case AGAIN -> calls.add(1, labels(provider, model));
      case BEYOND -> calls.add(1, others);
    }
  }
}
