package dev.tallyspan.spring;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The properties as settings of the SDK extension: as the map that its builder reads, and as the
 * properties {@code otel.tallyspan.*} for an SDK that OpenTelemetry's own starter configures.
 */
final class ExtensionSettings {

  private static final String PREFIX = "otel.tallyspan.";

  private ExtensionSettings() {}

  /** Everything except the catalog, which is a bean. */
  static Map<String, Object> withoutCatalog(TallyspanProperties properties) {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("strict", properties.isStrict());
    settings.put("target", properties.getTarget());
    settings.put("gen_ai_usage_cost", properties.isGenAiUsageCost());
    put(settings, "cache_write_names", properties.getCacheWriteNames());
    put(settings, "disabled_dialects", properties.getDisabledDialects());
    put(settings, "deployments", properties.getDeployments());
    settings.put("join_logs", text(properties.getJoinLogs()));
    settings.put("rollup", properties.isRollup());
    settings.put("identity", identity(properties.getIdentity()));
    TallyspanProperties.Contracts contracts = properties.getContracts();
    if (contracts.getFile() != null) {
      settings.put(
          "contracts",
          Map.of(
              "file", contracts.getFile().toString(),
              "reload_interval", text(contracts.getReloadInterval()),
              "attribute", contracts.getAttribute()));
    }
    TallyspanProperties.Currency currency = properties.getCurrency();
    if (currency.getTo() != null) {
      settings.put("currency", Map.of("to", currency.getTo(), "rates", currency.getRates()));
    }
    TallyspanProperties.Estimate estimate = properties.getEstimate();
    if (estimate.isEnabled()) {
      settings.put(
          "estimate", Map.of("enabled", true, "max_characters", estimate.getMaxCharacters()));
    }
    return settings;
  }

  /** Everything, by name of property. */
  static Map<String, String> asProperties(TallyspanProperties properties) {
    Map<String, String> flat = new LinkedHashMap<>();
    flat.put(PREFIX + "enabled", String.valueOf(properties.isEnabled()));
    flatten("", withoutCatalog(properties), flat);
    TallyspanProperties.Catalog catalog = properties.getCatalog();
    if (catalog.getFile() != null || catalog.getUrl() != null) {
      put(flat, "catalog", catalog.getFile());
      put(flat, "catalog.url", catalog.getUrl());
      put(flat, "catalog.format", catalog.getFormat());
      put(flat, "catalog.reload-interval", text(catalog.getReloadInterval()));
      put(flat, "catalog.sha256", catalog.getSha256());
      put(flat, "catalog.public-key", catalog.getPublicKey());
      put(flat, "catalog.vectors", catalog.getVectors());
      put(flat, "catalog.layered", catalog.isLayered());
    }
    return flat;
  }

  private static Map<String, Object> identity(TallyspanProperties.Identity identity) {
    return Map.of("inherit", identity.getInherit(), "baggage", identity.getBaggage());
  }

  private static void flatten(String path, Map<?, ?> settings, Map<String, String> to) {
    settings.forEach(
        (key, value) -> {
          String name = (path + key).replace('_', '-');
          if (!(value instanceof Map<?, ?> map)) {
            put(to, name, value instanceof List<?> list ? joined(list) : value);
          } else if (name.equals("deployments") || name.equals("currency.rates")) {
            put(to, name, pairs(map));
          } else {
            flatten(name + ".", map, to);
          }
        });
    String estimate = to.remove(PREFIX + "estimate.enabled");
    if (estimate != null) {
      to.put(PREFIX + "estimate", estimate);
    }
  }

  private static String joined(List<?> list) {
    return list.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  private static String pairs(Map<?, ?> map) {
    return map.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(","));
  }

  private static void put(Map<String, String> to, String name, @Nullable Object value) {
    if (value != null && !value.toString().isEmpty()) {
      to.put(PREFIX + name, value.toString());
    }
  }

  private static void put(Map<String, Object> settings, String key, @Nullable String value) {
    if (value != null) {
      settings.put(key, value);
    }
  }

  private static void put(Map<String, Object> settings, String key, List<String> values) {
    if (!values.isEmpty()) {
      settings.put(key, values);
    }
  }

  private static void put(Map<String, Object> settings, String key, Map<String, String> values) {
    if (!values.isEmpty()) {
      settings.put(key, values);
    }
  }

  private static String text(Duration duration) {
    return duration.toMillis() + "ms";
  }
}
