package dev.tallyspan.sdk.declarative;

import dev.tallyspan.pricing.CatalogException;
import dev.tallyspan.pricing.Deployments;
import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.sdk.LlmTracing;
import io.opentelemetry.api.incubator.config.DeclarativeConfigException;
import io.opentelemetry.api.incubator.config.DeclarativeConfigProperties;
import io.opentelemetry.sdk.trace.SpanProcessor;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Creates the processor {@code tallyspan} from a configuration file. */
final class LlmSpanProcessorFactory {

  private static final Set<String> KEYS =
      new TreeSet<>(
          Set.of(
              "enabled",
              "gen_ai_usage_cost",
              "target",
              "cache_write_names",
              "catalog",
              "deployments",
              "estimate",
              "disabled_dialects"));

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
    builder.deployments(deployments(config));
    if (flag(config, "estimate", /* otherwise= */ false)) {
      try {
        builder.estimateUsage();
      } catch (IllegalArgumentException e) {
        throw new DeclarativeConfigException("tallyspan: estimate: " + e.getMessage(), e);
      }
    }
    builder.disableDialects(disabledDialects(config));
    try {
      return builder.build().spanProcessor();
    } catch (IllegalArgumentException e) {
      throw new DeclarativeConfigException("tallyspan: disabled_dialects: " + e.getMessage(), e);
    }
  }

  private static Deployments deployments(DeclarativeConfigProperties config) {
    DeclarativeConfigProperties models = config.getStructured("deployments");
    if (models == null) {
      if (isSet(config, "deployments")) {
        throw new DeclarativeConfigException("tallyspan: deployments is not a map of models");
      }
      return Deployments.none();
    }
    Map<String, String> byName = new LinkedHashMap<>();
    for (String name : models.getPropertyKeys()) {
      String model = models.getString(name);
      if (model == null) {
        throw new DeclarativeConfigException(
            "tallyspan: deployments: " + name + " is not the name of a model");
      }
      byName.put(name, model);
    }
    try {
      return Deployments.of(byName);
    } catch (IllegalArgumentException e) {
      throw new DeclarativeConfigException("tallyspan: deployments: " + e.getMessage(), e);
    }
  }

  private static Set<String> disabledDialects(DeclarativeConfigProperties config) {
    List<String> ids = config.getScalarList("disabled_dialects", String.class);
    if (ids == null && isSet(config, "disabled_dialects")) {
      throw new DeclarativeConfigException("tallyspan: disabled_dialects is not a list of texts");
    }
    return ids == null ? Set.of() : Set.copyOf(ids);
  }

  /** A value of another type reads as null, and would be ignored without this check. */
  private static boolean flag(DeclarativeConfigProperties config, String key) {
    return flag(config, key, /* otherwise= */ true);
  }

  private static boolean flag(DeclarativeConfigProperties config, String key, boolean otherwise) {
    Boolean value = config.getBoolean(key);
    if (value == null && isSet(config, key)) {
      throw new DeclarativeConfigException("tallyspan: " + key + " is neither true nor false");
    }
    return value == null ? otherwise : value;
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
