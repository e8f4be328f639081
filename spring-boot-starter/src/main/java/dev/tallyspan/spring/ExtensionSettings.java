package dev.tallyspan.spring;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/**
 * The properties as settings of the SDK extension: as the map that its builder reads, and as the
 * properties {@code otel.tallyspan.*} for an SDK that OpenTelemetry's own starter configures.
 */
final class ExtensionSettings {

  private static final String PREFIX = "otel.tallyspan.";

  private ExtensionSettings() {}

  /** Everything except the catalog and the content policy, which are beans. */
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

  /** Everything except the content policy, by name of property. */
  static Map<String, String> asProperties(TallyspanProperties properties) {
    Map<String, String> flat = new LinkedHashMap<>();
    flat.put(PREFIX + "enabled", String.valueOf(properties.isEnabled()));
    flatten("", withoutCatalog(properties), flat);
    TallyspanProperties.Catalog catalog = properties.getCatalog();
    if (catalog.getFile() != null || catalog.getUrl() != null) {
      putProperty(flat, "catalog", catalog.getFile());
      putProperty(flat, "catalog.url", catalog.getUrl());
      putProperty(flat, "catalog.format", catalog.getFormat());
      putProperty(flat, "catalog.reload-interval", text(catalog.getReloadInterval()));
      putProperty(flat, "catalog.sha256", catalog.getSha256());
      putProperty(flat, "catalog.public-key", catalog.getPublicKey());
      putProperty(flat, "catalog.vectors", catalog.getVectors());
      putProperty(flat, "catalog.layered", catalog.isLayered());
    }
    return flat;
  }

  /** The settings {@code content_policy}. */
  static Map<String, Object> contentPolicy(TallyspanProperties.ContentPolicy properties) {
    Map<String, Object> settings = new LinkedHashMap<>();
    put(settings, "mode", properties.getMode());
    put(settings, "file", properties.getFile());
    put(settings, "redact", properties.getRedact());
    put(settings, "detectors", properties.getDetectors());
    put(settings, "pseudonym_key", properties.getPseudonymKey());
    put(settings, "rules", rules(properties.getRules()));
    put(settings, "content_keys", properties.getContentKeys());
    put(settings, "max_attribute_size", bytes(properties.getMaxAttributeSize()));
    put(settings, "max_span_size", bytes(properties.getMaxSpanSize()));
    TallyspanProperties.Offload offload = properties.getOffload();
    Map<String, Object> ofOffload = new LinkedHashMap<>();
    put(ofOffload, "texts_over", bytes(offload.getTextsOver()));
    Path directory = offload.getFile().getDirectory();
    if (directory != null) {
      ofOffload.put("file", Map.of("directory", directory.toString()));
    }
    if (!ofOffload.isEmpty()) {
      settings.put("offload", ofOffload);
    }
    return settings;
  }

  private static Map<String, String> rules(List<String> rules) {
    Map<String, String> actions = new LinkedHashMap<>();
    for (String rule : rules) {
      int equals = rule.lastIndexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException(
            "tallyspan.content-policy.rules: " + rule + " has no action: user.id=keep");
      }
      actions.put(rule.substring(0, equals).strip(), rule.substring(equals + 1).strip());
    }
    return actions;
  }

  private static @Nullable Long bytes(@Nullable DataSize size) {
    return size == null ? null : size.toBytes();
  }

  private static Map<String, Object> identity(TallyspanProperties.Identity identity) {
    return Map.of("inherit", identity.getInherit(), "baggage", identity.getBaggage());
  }

  private static void flatten(String path, Map<?, ?> settings, Map<String, String> to) {
    settings.forEach(
        (key, value) -> {
          String name = (path + key).replace('_', '-');
          if (!(value instanceof Map<?, ?> map)) {
            putProperty(to, name, value instanceof List<?> list ? joined(list) : value);
          } else if (name.equals("deployments") || name.equals("currency.rates")) {
            putProperty(to, name, pairs(map));
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

  private static void putProperty(Map<String, String> to, String name, @Nullable Object value) {
    if (value != null && !value.toString().isEmpty()) {
      to.put(PREFIX + name, value.toString());
    }
  }

  private static void put(Map<String, Object> settings, String key, @Nullable Object value) {
    if (value != null) {
      settings.put(key, value instanceof Path path ? path.toString() : value);
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
