package dev.tallyspan.collector.config;

import dev.tallyspan.collector.edit.GoRegex;
import dev.tallyspan.collector.edit.MatchProperties;
import dev.tallyspan.collector.edit.MatchProperties.KeyMatch;
import dev.tallyspan.collector.edit.MatchProperties.Library;
import dev.tallyspan.collector.edit.MatchProperties.Severity;
import dev.tallyspan.collector.edit.MatchProperties.TextMatch;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads {@code include} and {@code exclude} of processors. */
final class MatchReader {

  private static final Map<String, Boolean> MATCH_TYPES = Map.of("strict", false, "regexp", true);

  private static final Map<String, Boolean> KINDS =
      Map.of(
          "SPAN_KIND_INTERNAL", true,
          "SPAN_KIND_SERVER", true,
          "SPAN_KIND_CLIENT", true,
          "SPAN_KIND_PRODUCER", true,
          "SPAN_KIND_CONSUMER", true);

  private final Section section;
  private final boolean regexp;

  private MatchReader(Section section, boolean regexp) {
    this.section = section;
    this.regexp = regexp;
  }

  /** Returns null if the key is missing. */
  static @Nullable MatchProperties read(Section parent, String key) {
    Section section = parent.section(key);
    if (section == null) {
      return null;
    }
    Boolean regexp = section.choice("match_type", MATCH_TYPES);
    if (regexp == null && !section.has("match_type")) {
      section.error("match_type is missing: set strict or regexp");
    }
    cache(section);
    MatchProperties properties = new MatchReader(section, Boolean.TRUE.equals(regexp)).read();
    section.end();
    if (properties.isEmpty()) {
      section.error("selects nothing: set span_names, attributes, or another list");
    }
    return properties;
  }

  private MatchProperties read() {
    MatchProperties properties =
        new MatchProperties(
            texts("services"),
            texts("span_names"),
            texts("span_kinds"),
            texts("log_bodies"),
            texts("log_severity_texts"),
            severity(),
            attributes("attributes"),
            attributes("resources"),
            libraries());
    if (!regexp) {
      section.items("span_kinds").values().stream()
          .filter(kind -> !KINDS.containsKey(kind))
          .forEach(
              kind ->
                  section.error(
                      "span_kinds",
                      section.name("span_kinds")
                          + ": must be of "
                          + KINDS.keySet().stream().sorted().toList()
                          + ", not "
                          + kind));
    }
    section.unsupported("metric_names", "the processor takes no metrics");
    return properties;
  }

  /** How many results the Collector keeps has no effect on what matches. */
  private static void cache(Section section) {
    Section regexp = section.section("regexp");
    if (regexp != null) {
      regexp.bool("cacheenabled", false);
      regexp.number("cachemaxnumentries", 0, Long.MAX_VALUE / 2, 0);
      regexp.end();
    }
  }

  private List<TextMatch> texts(String key) {
    List<TextMatch> texts = new ArrayList<>();
    for (Map.Entry<Node, String> item : section.items(key).entrySet()) {
      add(texts, text(section, key, item.getValue()));
    }
    return texts;
  }

  private static <T> void add(List<T> list, @Nullable T item) {
    if (item != null) {
      list.add(item);
    }
  }

  /** Returns null if it is not a regular expression, which is reported. */
  private @Nullable TextMatch text(Section in, String key, String text) {
    if (!regexp) {
      return new TextMatch(text, null);
    }
    GoRegex regex = compile(in, key, text);
    return regex == null ? null : new TextMatch(text, regex);
  }

  private @Nullable Severity severity() {
    Section severity = section.section("log_severity_number");
    if (severity == null) {
      return null;
    }
    int min = (int) severity.number("min", 0, 24, 0);
    boolean matchUndefined = severity.bool("match_undefined", false);
    severity.end();
    return new Severity(min, matchUndefined);
  }

  private List<KeyMatch> attributes(String key) {
    List<KeyMatch> matches = new ArrayList<>();
    for (Section each : section.sections(key)) {
      String name = each.text("key");
      Value<?> value = each.value("value");
      if (name == null || name.isEmpty()) {
        each.error("key is missing");
      } else if (value == null || !regexp) {
        matches.add(new KeyMatch(name, value, null));
      } else if (value.getValue() instanceof String text) {
        GoRegex regex = compile(each, "value", text);
        if (regex != null) {
          matches.add(new KeyMatch(name, null, regex));
        }
      } else {
        each.error("value", each.name("value") + ": must be a string with match_type regexp");
      }
      each.end();
    }
    return matches;
  }

  private List<Library> libraries() {
    List<Library> libraries = new ArrayList<>();
    for (Section each : section.sections("libraries")) {
      String name = each.text("name");
      String version = each.text("version");
      if (name == null) {
        each.error("name is missing");
      } else {
        TextMatch named = text(each, "name", name);
        TextMatch versioned = version == null ? null : text(each, "version", version);
        if (named != null) {
          libraries.add(new Library(named, versioned));
        }
      }
      each.end();
    }
    return libraries;
  }

  /** Returns null if the key is missing, or its value is not valid, which is reported. */
  static @Nullable GoRegex regex(Section section, String key) {
    String text = section.text(key);
    return text == null ? null : compile(section, key, text);
  }

  private static @Nullable GoRegex compile(Section section, String key, String text) {
    try {
      return GoRegex.compile(text);
    } catch (IllegalArgumentException e) {
      section.error(key, e);
      return null;
    }
  }
}
