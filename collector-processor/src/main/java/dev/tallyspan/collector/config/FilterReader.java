package dev.tallyspan.collector.config;

import dev.tallyspan.collector.edit.Condition;
import dev.tallyspan.collector.edit.Condition.Context;
import dev.tallyspan.collector.edit.FilterRules;
import dev.tallyspan.collector.edit.MatchProperties;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads a processor {@code filter}. */
final class FilterReader {

  private static final Map<String, Boolean> ERROR_MODES =
      Map.of("ignore", true, "silent", true, "propagate", true);

  private FilterReader() {}

  static EditConfig read(String id, Section section) {
    // Has no effect: what a condition cannot be applied to is kept.
    section.choice("error_mode", ERROR_MODES);
    // A pipeline of metrics that lists this processor is a fault, see EditReader.check.
    section.withoutEffect("metrics", "it drops spans and log records only");
    section.withoutEffect("metric_conditions", "it drops spans and log records only");
    section.withoutEffect("profiles", "profiles are not received");
    section.withoutEffect("profile_conditions", "profiles are not received");
    MatchProperties include = null;
    MatchProperties exclude = null;
    Section old = section.section("spans");
    if (old != null) {
      include = MatchReader.read(old, "include");
      exclude = MatchReader.read(old, "exclude");
      old.end();
    }
    List<Condition> spans = new ArrayList<>();
    Section traces = section.section("traces");
    if (traces != null) {
      addTexts(spans, traces, "resource", Context.SPAN, Context.RESOURCE);
      addTexts(spans, traces, "span", Context.SPAN, Context.SPAN);
      traces.unsupported(
          "spanevent", "events are kept; a Collector beside Tallyspan can drop them");
      traces.end();
    }
    List<Condition> logs = new ArrayList<>();
    Section records = section.section("logs");
    if (records != null) {
      addTexts(logs, records, "resource", Context.LOG, Context.RESOURCE);
      addTexts(logs, records, "log_record", Context.LOG, Context.LOG);
      records.unsupported("include", "write conditions under log_record instead");
      records.unsupported("exclude", "write conditions under log_record instead");
      records.end();
    }
    addConditions(spans, section, "trace_conditions", Context.SPAN);
    addConditions(logs, section, "log_conditions", Context.LOG);
    section.end();
    return new EditConfig(id, new FilterRules(include, exclude, spans, logs));
  }

  /** Reads conditions as strings, or in groups that have a context. */
  private static void addConditions(
      List<Condition> conditions, Section section, String key, Context item) {
    if (!section.hasSections(key)) {
      addTexts(conditions, section, key, item, item);
      return;
    }
    Map<String, Context> contexts =
        Map.of(item == Context.SPAN ? "span" : "log", item, "resource", Context.RESOURCE);
    for (Section group : section.sections(key)) {
      group.choice("error_mode", ERROR_MODES);
      addTexts(conditions, group, "conditions", item, group.choice("context", contexts, item));
      group.end();
    }
  }

  private static void addTexts(
      List<Condition> conditions, Section section, String key, Context item, Context context) {
    int index = 0;
    for (String text : section.items(key).values()) {
      try {
        conditions.add(Condition.parse(text, item, context));
      } catch (IllegalArgumentException e) {
        section.error(key, section.name(key) + "[" + index + "]: " + e.getMessage());
      }
      index++;
    }
  }
}
