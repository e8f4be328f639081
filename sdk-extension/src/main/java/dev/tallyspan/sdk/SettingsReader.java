package dev.tallyspan.sdk;

import dev.tallyspan.semconv.CacheWriteNames;
import dev.tallyspan.semconv.ContentFormat;
import dev.tallyspan.semconv.content.ContentPolicy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads settings from the form that properties and configuration files share: a map with the keys
 * of the YAML. Throws a {@link SettingsException} for a fault.
 */
final class SettingsReader {

  private static final Map<String, CacheWriteNames> CACHE_WRITE_NAMES =
      Stream.of(CacheWriteNames.values())
          .collect(Collectors.toMap(CacheWriteNames::wireName, names -> names));
  private static final Map<String, ContentFormat> CONTENTS =
      Map.of("json", ContentFormat.JSON_STRING, "structured", ContentFormat.STRUCTURED);

  /** Settings of the collector's processor, and why an application cannot have them. */
  private static final Map<String, String> OF_THE_COLLECTOR =
      Map.of(
          "drop_originals", "the SDK cannot remove an attribute",
          "window", "spans of one process are not a whole trace",
          "fill_gaps", "spans of one process are not a whole trace",
          "sampling", "spans of one process are not a whole trace");

  /** A property cannot be an empty list. */
  private static final List<String> NONE = List.of("none");

  private SettingsReader() {}

  /** Sets what the map has; the rest stays as it is. */
  static void read(Map<String, ?> values, ExtensionSettings to) {
    Section settings = new Section("", sections(values));
    OF_THE_COLLECTOR.forEach(
        (key, reason) -> {
          if (values.get(key) != null) {
            throw new SettingsException(
                key, " is a setting of the collector's processor alone: " + reason);
          }
        });
    to.enabled = settings.flag("enabled", to.enabled);
    to.strict = settings.flag("strict", to.strict);
    output(settings, to);
    ContentPolicy policy = PolicyReader.read(settings);
    if (policy != null) {
      to.contentPolicy = policy;
    }
    facts(settings, to);
    DialectSettings.read(settings, to);
    PriceSettings.read(settings, to);
    settings.end();
  }

  private static void output(Section settings, ExtensionSettings to) {
    String target = settings.text("target");
    if (target != null) {
      to.target = ExtensionSettings.generation(target);
    }
    ContentFormat content = settings.choice("content", CONTENTS);
    if (content != null) {
      to.content = content;
    }
    to.maxContentLength = settings.number("max_content_length", 0, to.maxContentLength);
    CacheWriteNames names = settings.choice("cache_write_names", CACHE_WRITE_NAMES);
    if (names != null) {
      to.cacheWriteNames = names;
    }
    to.genAiUsageCost = settings.flag("gen_ai_usage_cost", to.genAiUsageCost);
  }

  private static void facts(Section settings, ExtensionSettings to) {
    to.joinLogs = settings.duration("join_logs", to.joinLogs);
    to.rollup = settings.flag("rollup", to.rollup);
    Section identity = settings.section("identity");
    if (identity != null) {
      List<String> inherited = identity.texts("inherit");
      List<String> baggage = identity.texts("baggage");
      identity.end();
      if (inherited != null) {
        to.inherited = inherited.equals(NONE) ? List.of() : List.copyOf(inherited);
      }
      to.fromBaggage = baggage == null ? to.fromBaggage : List.copyOf(baggage);
    }
    List<String> disabled = settings.texts("disabled_dialects");
    if (disabled != null) {
      to.disabledDialects = Set.copyOf(disabled);
    }
  }

  /**
   * Returns the same with the short forms {@code catalog: FILE}, {@code estimate: true} and {@code
   * content_policy: MODE} long.
   */
  static Map<String, Object> sections(Map<String, ?> values) {
    Map<String, Object> sections = new LinkedHashMap<>(values);
    sections.computeIfPresent("catalog", (key, of) -> section("file", of));
    sections.computeIfPresent("estimate", (key, of) -> section("enabled", of));
    sections.computeIfPresent("content_policy", (key, of) -> section("mode", of));
    return sections;
  }

  private static Object section(String key, Object value) {
    return value instanceof Map ? value : Map.of(key, value);
  }
}
