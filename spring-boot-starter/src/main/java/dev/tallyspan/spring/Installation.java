package dev.tallyspan.spring;

import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.semconv.content.ContentPolicy;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.resources.Resource;
import org.jspecify.annotations.Nullable;

/**
 * What is installed.
 *
 * @param catalog version of the prices
 * @param shipped whether they are those in the jar
 * @param openTelemetry version of the SDK
 * @param content mode of the content policy; {@code none} if there is no policy
 */
record Installation(String catalog, boolean shipped, String openTelemetry, String content) {

  static Installation of(Prices prices, @Nullable ContentPolicy policy) {
    PriceCatalog catalog = prices.get();
    String sdk =
        Resource.getDefault().getAttribute(AttributeKey.stringKey("telemetry.sdk.version"));
    return new Installation(
        catalog.version(),
        prices.areShipped(),
        sdk == null ? "unknown" : sdk,
        policy == null ? "none" : policy.mode().wireName());
  }

  String line() {
    return "Tallyspan: price catalog "
        + catalog
        + (shipped ? " (built in)" : "")
        + ", OpenTelemetry "
        + openTelemetry
        + ", content "
        + content;
  }
}
