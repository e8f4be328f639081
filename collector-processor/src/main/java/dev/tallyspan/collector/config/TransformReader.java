package dev.tallyspan.collector.config;

import dev.tallyspan.collector.edit.Condition;
import dev.tallyspan.collector.edit.Condition.Context;
import dev.tallyspan.collector.edit.Statement;
import dev.tallyspan.collector.edit.StatementGroup;
import dev.tallyspan.collector.edit.TransformRules;
import dev.tallyspan.collector.flow.Signal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Reads a processor {@code transform}.
 *
 * @see <a
 *     href="https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/processor/transformprocessor">Collector,
 *     transform processor</a>
 */
final class TransformReader {

  private static final String STATEMENTS = "trace_statements";

  private static final Map<String, Boolean> ERROR_MODES =
      Map.of("ignore", true, "silent", true, "propagate", true);

  private static final Map<String, Signal> OTHERS =
      Map.of("metric_statements", Signal.METRICS, "log_statements", Signal.LOGS);

  /** Gets the key of a list, and a fault in it. */
  private final BiConsumer<String, String> faults;

  private final List<StatementGroup> groups = new ArrayList<>();

  private TransformReader(BiConsumer<String, String> faults) {
    this.faults = faults;
  }

  static EditConfig read(String id, Section section) {
    // Has no effect: what a statement cannot be applied to stays, and the others are applied.
    section.choice("error_mode", ERROR_MODES);
    Set<Signal> others = EnumSet.noneOf(Signal.class);
    OTHERS.forEach(
        (key, signal) -> {
          if (section.hasItems(key)) {
            // A pipeline of the signal that lists this processor is a fault, see EditReader.check.
            others.add(signal);
            section.withoutEffect(key, "it changes spans, their events and resources only");
          }
        });
    section.withoutEffect("profile_statements", "profiles are not received");
    section.withoutEffect("flatten_data", "it is for log records");
    List<StatementGroup> groups = new ArrayList<>();
    if (section.hasSections(STATEMENTS)) {
      for (Section group : section.sections(STATEMENTS)) {
        TransformReader reader =
            new TransformReader((key, fault) -> group.error(key, group.name(key) + fault));
        group.choice("error_mode", ERROR_MODES);
        reader.group(group.text("context"), group.texts("conditions"), group.texts("statements"));
        group.end();
        groups.addAll(reader.groups);
      }
    } else {
      TransformReader reader =
          new TransformReader((key, fault) -> section.error(key, section.name(key) + fault));
      reader.each(section.texts(STATEMENTS));
      groups.addAll(reader.groups);
    }
    section.end();
    return new EditConfig(id, new TransformRules(groups, others));
  }

  /**
   * Returns why a processor cannot do what it should in pipelines of a signal; null if it can. Does
   * not expand variables.
   */
  static @Nullable String fault(@Nullable Node definition, Signal signal) {
    List<String> found = new ArrayList<>();
    TransformReader reader = new TransformReader((key, fault) -> found.add(key + fault));
    List<String> flat = new ArrayList<>();
    for (Node item : Nodes.items(Nodes.value(definition, STATEMENTS))) {
      if (item instanceof MappingNode) {
        Node context = Nodes.value(item, "context");
        reader.group(
            context == null ? null : Nodes.text(context),
            Nodes.items(Nodes.value(item, "conditions")).stream().map(Nodes::text).toList(),
            Nodes.items(Nodes.value(item, "statements")).stream().map(Nodes::text).toList());
      } else {
        flat.add(Nodes.text(item));
      }
    }
    reader.each(flat);
    OTHERS.forEach(
        (key, other) -> {
          if (other == signal && !Nodes.items(Nodes.value(definition, key)).isEmpty()) {
            found.add(key + ": not supported");
          }
        });
    return found.isEmpty() ? null : found.get(0);
  }

  /** Adds statements without a context: each belongs to what its paths say. */
  private void each(List<String> statements) {
    for (int i = 0; i < statements.size(); i++) {
      String name = "[" + i + "]: ";
      String statement = statements.get(i);
      Context context = context(STATEMENTS, name, List.of(statement));
      if (context != null) {
        add(context, List.of(), statements(STATEMENTS, context, List.of(statement), i));
      }
    }
  }

  private void group(@Nullable String name, List<String> conditions, List<String> statements) {
    List<String> all = new ArrayList<>(conditions);
    all.addAll(statements);
    if (statements.isEmpty()) {
      return; // As in the Collector, nothing is done.
    }
    Context context = name == null ? context("statements", ": ", all) : named(name);
    if (context == null) {
      return;
    }
    List<Condition> read = new ArrayList<>();
    for (int i = 0; i < conditions.size(); i++) {
      try {
        read.add(Condition.parse(conditions.get(i), context, context));
      } catch (IllegalArgumentException e) {
        faults.accept("conditions", "[" + i + "]: " + e.getMessage());
      }
    }
    add(context, read, statements("statements", context, statements, 0));
  }

  private void add(Context context, List<Condition> conditions, List<Statement> statements) {
    groups.add(new StatementGroup(context, conditions, statements));
  }

  private List<Statement> statements(
      String key, Context context, List<String> statements, int first) {
    List<Statement> read = new ArrayList<>();
    for (int i = 0; i < statements.size(); i++) {
      try {
        read.add(Statement.parse(statements.get(i), context));
      } catch (IllegalArgumentException e) {
        faults.accept(key, "[" + (first + i) + "]: " + e.getMessage());
      }
    }
    return read;
  }

  /** Returns the context that texts belong to; null if it is not known, which is reported. */
  private @Nullable Context context(String key, String name, List<String> texts) {
    try {
      Context context = Statement.context(texts);
      if (context == null) {
        faults.accept(
            key,
            name
                + "the paths do not say what they belong to: write span.attributes,"
                + " spanevent.attributes or resource.attributes");
      }
      return context;
    } catch (IllegalArgumentException e) {
      faults.accept(key, name + e.getMessage());
      return null;
    }
  }

  private @Nullable Context named(String name) {
    switch (name) {
      case "span":
        return Context.SPAN;
      case "spanevent":
        return Context.EVENT;
      case "resource":
        return Context.RESOURCE;
      case "scope":
        faults.accept(
            "context",
            ": scope is not supported: scopes are not changed; conditions for spans can name"
                + " scope.name and scope.version; keep a Collector beside Tallyspan for the rest");
        return null;
      default:
        faults.accept("context", ": must be one of resource, span, spanevent, not " + name);
        return null;
    }
  }
}
