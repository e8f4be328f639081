package dev.tallyspan.sdk.declarative;

import dev.tallyspan.pricing.CatalogException;
import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.sdk.LlmTracing;
import io.opentelemetry.api.incubator.config.DeclarativeConfigException;
import io.opentelemetry.api.incubator.config.DeclarativeConfigProperties;
import io.opentelemetry.sdk.trace.SpanProcessor;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Creates the processor {@code tallyspan} from a configuration file. */
final class LlmSpanProcessorFactory {

  private static final Set<String> KEYS =
      new TreeSet<>(
          Set.of("enabled", "gen_ai_usage_cost", "target", "cache_write_names", "catalog"));

  private LlmSpanProcessorFactory() {}

  static SpanProcessor create(DeclarativeConfigProperties config) {
    for (String key : config.getPropertyKeys()) {
      if (!KEYS.contains(key)) {
        throw new DeclarativeConfigException(
            "tallyspan: unknown key " + key + "; known: " + String.join(", ", KEYS));
      }
    }
    if (!flag(config, "enabled")) {
      return SpanProcessor.composite();
    }
    LlmTracing.Builder builder =
        LlmTracing.builder().genAiUsageCost(flag(config, "gen_ai_usage_cost"));
    String target = text(config, "target");
    if (target != null) {
      try {
        builder.target(target);
      } catch (IllegalArgumentException e) {
        throw new DeclarativeConfigException("tallyspan: " + e.getMessage(), e);
      }
    }
    String names = text(config, "cache_write_names");
    if (names != null) {
      try {
        builder.cacheWriteNames(names);
      } catch (IllegalArgumentException e) {
        throw new DeclarativeConfigException("tallyspan: cache_write_names: " + e.getMessage(), e);
      }
    }
    String catalog = text(config, "catalog");
    if (catalog != null) {
      try {
        builder.catalog(PriceCatalog.read(Path.of(catalog)));
      } catch (CatalogException | InvalidPathException e) {
        throw new DeclarativeConfigException("tallyspan: catalog: " + e.getMessage(), e);
      }
    }
    return builder.build().spanProcessor();
  }

  /** A value of another type reads as null, and would be ignored without this check. */
  private static boolean flag(DeclarativeConfigProperties config, String key) {
    Boolean value = config.getBoolean(key);
    if (value == null && isSet(config, key)) {
      throw new DeclarativeConfigException("tallyspan: " + key + " is neither true nor false");
    }
    return value == null || value;
  }

  private static @Nullable String text(DeclarativeConfigProperties config, String key) {
    String value = config.getString(key);
    if (value == null && isSet(config, key)) {
      throw new DeclarativeConfigException("tallyspan: " + key + " is not text; put it in quotes");
    }
    return value;
  }

  private static boolean isSet(DeclarativeConfigProperties config, String key) {
    return config.getPropertyKeys().contains(key);
  }
}
