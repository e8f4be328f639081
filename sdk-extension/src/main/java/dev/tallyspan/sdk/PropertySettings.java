package dev.tallyspan.sdk;

import dev.tallyspan.semconv.CacheWriteNames;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigProperties;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads settings from properties and environment variables, and from the JSON file that they name.
 * A property takes precedence over the same setting in the file.
 */
final class PropertySettings {

  private PropertySettings() {}

  /**
   * @throws SettingsException if a setting has a fault
   */
  static ExtensionSettings read(ConfigProperties config) {
    ExtensionSettings settings = new ExtensionSettings();
    settings.cacheWriteNames = CacheWriteNames.forEndpoint(endpoint(config));
    SettingsReader.read(values(config), settings);
    return settings;
  }

  private static Map<String, Object> values(ConfigProperties config) {
    String file = config.getString(Setting.PREFIX + "config");
    Map<String, Object> values =
        file == null
            ? new LinkedHashMap<>()
            : SettingsReader.sections(SettingsFile.read("config", file));
    for (Setting setting : Setting.values()) {
      String property = setting.property();
      String value = property == null ? null : config.getString(property);
      if (value != null && setting.inFiles()) {
        put(values, setting.fullPath(), value);
      }
    }
    return values;
  }

  /** Puts a value under a path of keys, replacing what is there. */
  private static void put(Map<String, Object> values, String path, String value) {
    int dot = path.indexOf('.');
    if (dot < 0) {
      values.put(path, value);
      return;
    }
    String key = path.substring(0, dot);
    Map<String, Object> section = new LinkedHashMap<>();
    if (values.get(key) instanceof Map<?, ?> present) {
      present.forEach((name, of) -> section.put(String.valueOf(name), of));
    }
    put(section, path.substring(dot + 1), value);
    values.put(key, section);
  }

  private static @Nullable String endpoint(ConfigProperties config) {
    String ofTraces = config.getString("otel.exporter.otlp.traces.endpoint");
    return ofTraces != null ? ofTraces : config.getString("otel.exporter.otlp.endpoint");
  }
}
