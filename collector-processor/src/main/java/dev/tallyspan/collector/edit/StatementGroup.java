package dev.tallyspan.collector.edit;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.edit.Condition.Context;
import java.util.List;

/**
 * Statements that are applied one after another to spans, span events or resources.
 *
 * @param context what they are applied to
 * @param conditions they are applied if any of these holds before the first statement; empty =
 *     always
 */
public record StatementGroup(
    Context context, List<Condition> conditions, List<Statement> statements) {

  public StatementGroup {
    requireNonNull(context, "context");
    conditions = List.copyOf(conditions);
    statements = List.copyOf(statements);
  }

  boolean selects(Subject subject) {
    return conditions.isEmpty()
        || conditions.stream().anyMatch(condition -> condition.matches(subject));
  }
}
