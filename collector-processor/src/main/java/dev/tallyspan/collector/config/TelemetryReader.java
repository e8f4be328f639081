package dev.tallyspan.collector.config;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.logging.Level;

/** Reads {@code service.telemetry}. */
final class TelemetryReader {
  static final Map<String, Level> LOG_LEVELS =
      Map.of(
          "debug", Level.FINE,
          "info", Level.INFO,
          "warn", Level.WARNING,
          "error", Level.SEVERE,
          "dpanic", Level.SEVERE,
          "panic", Level.SEVERE,
          "fatal", Level.SEVERE);
  private static final Map<String, LogEncoding> LOG_ENCODINGS =
      Map.of("console", LogEncoding.CONSOLE, "json", LogEncoding.JSON);

  /** The keys of a resource in the form of OpenTelemetry's declarative configuration. */
  private static final Set<String> IN_NEW_FORM =
      Set.of("attributes", "attributes_list", "schema_url", "detectors", "detection/development");

  /** Adds an attribute of one type. */
  private interface Type {
    void put(AttributesBuilder attributes, String name, String value);
  }

  private static final Type STRING = AttributesBuilder::put;
  private static final Map<String, Type> TYPES =
      Map.of(
          "string",
          STRING,
          "bool",
          (to, name, value) -> to.put(name, Boolean.parseBoolean(value)),
          "int",
          (to, name, value) -> to.put(name, Long.parseLong(value)),
          "double",
          (to, name, value) -> to.put(name, Double.parseDouble(value)));

  private TelemetryReader() {}

  static TelemetryConfig read(Section service) {
    Section telemetry = service.section("telemetry");
    if (telemetry == null) {
      return TelemetryConfig.DEFAULT;
    }
    OwnMetricsReader metrics = OwnMetricsReader.read(telemetry.section("metrics"));
    Section logs = telemetry.section("logs");
    Section resource = telemetry.section("resource");
    noEffect(telemetry, "traces", "Tallyspan does not trace itself");
    telemetry.end();
    Level level = TelemetryConfig.DEFAULT.logLevel();
    LogEncoding encoding = TelemetryConfig.DEFAULT.logEncoding();
    LogFields fields = LogFields.DEFAULT;
    if (logs != null) {
      level = logs.choice("level", LOG_LEVELS, level);
      encoding = logs.choice("encoding", LOG_ENCODINGS, encoding);
      fields = fields(logs);
      withoutEffect(logs);
      logs.end();
    }
    return new TelemetryConfig(
        metrics.listen(),
        metrics.format(),
        metrics.pushes(),
        resource == null ? ResourceConfig.NONE : resource(resource),
        level,
        encoding,
        fields);
  }

  /** Warns of a key of the OpenTelemetry Collector that has no effect here. */
  static void noEffect(Section section, String key, String why) {
    if (section.has(key)) {
      section.warning(key, section.name(key) + ": has no effect: " + why);
    }
  }

  private static LogFields fields(Section logs) {
    Map<String, String> initial = new LinkedHashMap<>();
    if (logs.isList("initial_fields")) {
      for (Section each : logs.sections("initial_fields")) {
        each.keys().forEach(key -> initial.put(key, each.text(key, "")));
      }
      return new LogFields(!logs.bool("disable_zap_resource", false), initial);
    }
    Section fields = logs.section("initial_fields");
    if (fields != null) {
      fields.keys().forEach(key -> initial.put(key, fields.text(key, "")));
    }
    return new LogFields(!logs.bool("disable_zap_resource", false), initial);
  }

  private static void withoutEffect(Section logs) {
    noEffect(logs, "development", "Tallyspan has no development mode");
    noEffect(logs, "disable_caller", "lines do not contain the caller");
    noEffect(logs, "disable_stacktrace", "lines do not contain stack traces");
    noEffect(logs, "sampling", "messages that may repeat are throttled, each by itself");
    noEffect(logs, "processors", "logs are written to stderr and not sent over OTLP");
    for (String paths : List.of("output_paths", "error_output_paths")) {
      if (!logs.has(paths)) {
        continue;
      }
      if (!logs.texts(paths).equals(List.of("stderr"))) {
        noEffect(logs, paths, "logs are written to stderr");
      }
    }
  }

  /** Reads attributes as a map, or in the form of OpenTelemetry's declarative configuration. */
  private static ResourceConfig resource(Section section) {
    AttributesBuilder attributes = Attributes.builder();
    Set<String> removed = new HashSet<>();
    String pairs = section.text("attributes_list");
    if (pairs != null) {
      pairs(section, "attributes_list", pairs, attributes::put);
    }
    if (section.isList("attributes")) {
      for (Section attribute : section.sections("attributes")) {
        attribute(attribute, attributes);
      }
    }
    noEffect(section, "schema_url", "metrics have no schema URL");
    noEffect(section, "detectors", "no resource is detected");
    noEffect(section, "detection/development", "no resource is detected");
    for (String key : Set.copyOf(section.keys())) {
      if (IN_NEW_FORM.contains(key) && (!key.equals("attributes") || section.isList(key))) {
        continue;
      }
      String value = section.isNothing(key) ? null : section.text(key);
      if (value == null) {
        removed.add(key);
      } else {
        attributes.put(key, value);
      }
    }
    return new ResourceConfig(attributes.build(), removed);
  }

  private static void attribute(Section section, AttributesBuilder attributes) {
    String name = section.text("name");
    Type type = section.choice("type", TYPES, STRING);
    if (name == null) {
      section.error("name is missing");
    } else if (section.isList("value")) {
      attributes.put(AttributeKey.stringArrayKey(name), section.texts("value"));
    } else {
      String value = section.text("value", "");
      try {
        type.put(attributes, name, value);
      } catch (NumberFormatException e) {
        section.error("value", section.name("value") + ": must be a number");
      }
    }
    section.end();
  }

  /** Reads {@code key=value,key=value}. */
  static void pairs(Section section, String key, String text, BiConsumer<String, String> pairs) {
    for (String pair : text.split(",")) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        pairs.accept(pair.substring(0, equals).strip(), pair.substring(equals + 1).strip());
      } else if (!pair.isBlank()) {
        section.error(key, section.name(key) + ": must be a list such as key=value,key=value");
      }
    }
  }
}
