package dev.tallyspan.sdk;

import dev.tallyspan.pricing.CatalogException;
import dev.tallyspan.pricing.Deployments;
import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.semconv.CacheWriteNames;
import io.opentelemetry.sdk.autoconfigure.spi.AutoConfigurationCustomizer;
import io.opentelemetry.sdk.autoconfigure.spi.AutoConfigurationCustomizerProvider;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigProperties;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import io.opentelemetry.sdk.trace.SdkTracerProviderBuilder;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Adds {@link LlmTracing} to SDKs that are configured by properties: SDK autoconfiguration, the
 * Java agent, Spring Boot. Loaded by the service loader.
 *
 * <p>Properties, which can also be set as environment variables ({@code OTEL_TALLYSPAN_ENABLED}):
 *
 * <ul>
 *   <li>{@code otel.tallyspan.enabled}: whether to enrich spans. Default: {@code true}
 *   <li>{@code otel.tallyspan.catalog}: a file with prices. Default: the catalog in the jar
 *   <li>{@code otel.tallyspan.target}: the generation of the GenAI conventions to write. Default:
 *       {@code genai-dev}
 *   <li>{@code otel.tallyspan.gen-ai-usage-cost}: whether to also write {@code gen_ai.usage.cost}.
 *       Default: {@code true}
 *   <li>{@code otel.tallyspan.deployments}: your own names of models, {@code name=model,…}.
 *       Default: none
 *   <li>{@code otel.tallyspan.estimate}: whether to estimate the token counts of chats without
 *       usage, which requires jtokkit. Default: {@code false}
 *   <li>{@code otel.tallyspan.disabled-dialects}: dialects that are not read. Default: none
 *   <li>{@code otel.tallyspan.cache-write-names}: the attribute names for cache writes, {@code
 *       both}, {@code current} or {@code legacy}. Default: {@code legacy} if spans are exported to
 *       Langfuse, otherwise the names of the target
 * </ul>
 *
 * <p>An invalid value causes a {@link ConfigurationException} at start.
 */
public final class LlmTracingCustomizerProvider implements AutoConfigurationCustomizerProvider {

  private static final String PREFIX = "otel.tallyspan.";

  @Override
  public void customize(AutoConfigurationCustomizer customizer) {
    customizer.addTracerProviderCustomizer(LlmTracingCustomizerProvider::customize);
  }

  private static SdkTracerProviderBuilder customize(
      SdkTracerProviderBuilder provider, ConfigProperties config) {
    return flag(config, "enabled")
        ? provider.addSpanProcessor(tracing(config).spanProcessor())
        : provider;
  }

  private static LlmTracing tracing(ConfigProperties config) {
    LlmTracing.Builder builder =
        LlmTracing.builder().genAiUsageCost(flag(config, "gen-ai-usage-cost"));
    String target = config.getString(PREFIX + "target");
    if (target != null) {
      try {
        builder.target(target);
      } catch (IllegalArgumentException e) {
        throw new ConfigurationException(PREFIX + e.getMessage(), e);
      }
    }
    String names = config.getString(PREFIX + "cache-write-names");
    if (names != null) {
      try {
        builder.cacheWriteNames(names);
      } catch (IllegalArgumentException e) {
        throw new ConfigurationException(PREFIX + "cache-write-names: " + e.getMessage(), e);
      }
    } else {
      CacheWriteNames ofBackend = CacheWriteNames.forEndpoint(endpoint(config));
      if (ofBackend != null) {
        builder.cacheWriteNames(ofBackend);
      }
    }
    String catalog = config.getString(PREFIX + "catalog");
    if (catalog != null) {
      try {
        builder.catalog(PriceCatalog.read(Path.of(catalog)));
      } catch (CatalogException | InvalidPathException e) {
        throw new ConfigurationException(PREFIX + "catalog: " + e.getMessage(), e);
      }
    }
    try {
      builder.deployments(Deployments.of(config.getMap(PREFIX + "deployments")));
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(PREFIX + "deployments: " + e.getMessage(), e);
    }
    if (flag(config, "estimate", "false")) {
      try {
        builder.estimateUsage();
      } catch (IllegalArgumentException e) {
        throw new ConfigurationException(PREFIX + "estimate: " + e.getMessage(), e);
      }
    }
    builder.disableDialects(Set.copyOf(config.getList(PREFIX + "disabled-dialects")));
    try {
      return builder.build();
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(PREFIX + "disabled-dialects: " + e.getMessage(), e);
    }
  }

  private static @Nullable String endpoint(ConfigProperties config) {
    String ofTraces = config.getString("otel.exporter.otlp.traces.endpoint");
    return ofTraces != null ? ofTraces : config.getString("otel.exporter.otlp.endpoint");
  }

  /** {@code getBoolean} reads everything but "true" as false, which would hide typing errors. */
  private static boolean flag(ConfigProperties config, String name) {
    return flag(config, name, "true");
  }

  private static boolean flag(ConfigProperties config, String name, String otherwise) {
    String value = config.getString(PREFIX + name, otherwise);
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new ConfigurationException(
              PREFIX + name + "=" + value + " is neither true nor false");
    };
  }
}
