package dev.tallyspan.collector.config;

import dev.tallyspan.collector.edit.AttributeAction;
import dev.tallyspan.collector.edit.AttributeAction.Mode;
import dev.tallyspan.collector.edit.AttributeAction.Type;
import dev.tallyspan.collector.edit.GoRegex;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a list of changes of attributes. */
final class ActionReader {

  private enum Kind {
    INSERT,
    UPDATE,
    UPSERT,
    DELETE,
    HASH,
    EXTRACT,
    CONVERT
  }

  private static final Map<String, Kind> KINDS =
      Map.of(
          "insert", Kind.INSERT,
          "update", Kind.UPDATE,
          "upsert", Kind.UPSERT,
          "delete", Kind.DELETE,
          "hash", Kind.HASH,
          "extract", Kind.EXTRACT,
          "convert", Kind.CONVERT);
  private static final Map<String, Type> TYPES =
      Map.of("int", Type.INT, "double", Type.DOUBLE, "string", Type.STRING);

  private ActionReader() {}

  static List<AttributeAction> read(Section section, String key) {
    List<AttributeAction> actions = new ArrayList<>();
    List<Section> listed = section.sections(key);
    if (listed.isEmpty()) {
      section.error(key, section.name(key) + ": must be a list with at least one action");
    }
    for (Section each : listed) {
      AttributeAction action = action(each);
      if (action != null) {
        actions.add(action);
      }
      each.end();
    }
    return actions;
  }

  /** Returns null if the action has a fault, which is reported. */
  private static @Nullable AttributeAction action(Section section) {
    Kind kind = section.choice("action", KINDS);
    if (kind == null) {
      if (!section.has("action")) {
        section.error("action is missing");
      }
      // Otherwise, each of its keys would be reported as unknown.
      section.keys();
      return null;
    }
    String key = section.text("key");
    if (key != null && key.isEmpty()) {
      section.error("key", section.name("key") + ": must not be empty");
    }
    boolean byPattern = kind == Kind.DELETE || kind == Kind.HASH;
    if (key == null && !(byPattern && section.has("pattern"))) {
      section.error(byPattern ? "key is missing: set key or pattern" : "key is missing");
    }
    return switch (kind) {
      case INSERT -> put(section, Mode.INSERT, key);
      case UPDATE -> put(section, Mode.UPDATE, key);
      case UPSERT -> put(section, Mode.UPSERT, key);
      case DELETE -> new AttributeAction.Delete(key, MatchReader.regex(section, "pattern"));
      case HASH -> new AttributeAction.Hash(key, MatchReader.regex(section, "pattern"));
      case EXTRACT -> extract(section, key);
      case CONVERT -> convert(section, key);
    };
  }

  private static @Nullable AttributeAction put(Section section, Mode mode, @Nullable String key) {
    section.addition(
        "from_context",
        "what the receiver knows about the client is not kept; set the attribute in a Collector"
            + " before Tallyspan, or in the application");
    boolean hasValue = section.has("value");
    Value<?> value = section.value("value");
    String from = section.text("from_attribute");
    Value<?> otherwise = section.value("default_value");
    if (section.has("from_context")) {
      return null;
    }
    if (hasValue == (from != null)) {
      section.error(
          hasValue
              ? "set value or from_attribute, not both"
              : "value is missing: set value or from_attribute");
      return null;
    }
    return key == null || value == null && from == null
        ? null
        : new AttributeAction.Put(mode, key, value, from, otherwise);
  }

  private static @Nullable AttributeAction extract(Section section, @Nullable String key) {
    GoRegex pattern = MatchReader.regex(section, "pattern");
    if (pattern == null) {
      if (!section.has("pattern")) {
        section.error("pattern is missing");
      }
      return null;
    }
    try {
      return key == null ? null : new AttributeAction.Extract(key, pattern);
    } catch (IllegalArgumentException e) {
      section.error("pattern", e);
      return null;
    }
  }

  private static @Nullable AttributeAction convert(Section section, @Nullable String key) {
    Type type = section.choice("converted_type", TYPES);
    if (type == null && !section.has("converted_type")) {
      section.error("converted_type is missing");
    }
    return key == null || type == null ? null : new AttributeAction.Convert(key, type);
  }
}
