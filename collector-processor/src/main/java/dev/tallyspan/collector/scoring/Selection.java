package dev.tallyspan.collector.scoring;

import dev.tallyspan.collector.pipeline.SpanRecord;
import dev.tallyspan.semconv.span.Cost;
import dev.tallyspan.semconv.span.LlmSpan;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which operations are scored. Spans of a call that another span bills are not: each call is scored
 * once.
 *
 * @param operations {@code gen_ai.operation.name}; at least one
 * @param models names of requested or answering models, or their beginnings and {@code *}; empty =
 *     all
 * @param services names of services, or their beginnings and {@code *}; empty = all
 */
public record Selection(Set<String> operations, Set<String> models, Set<String> services) {

  /** Operations in which a model answers. */
  public static final Set<String> ANSWERS = Set.of("chat", "generate_content", "text_completion");

  /** Operations in which a tool runs. */
  public static final Set<String> TOOLS = Set.of("execute_tool");

  /**
   * Checks the lists.
   *
   * @throws IllegalArgumentException if there is no operation
   */
  public Selection {
    operations = Set.copyOf(operations);
    models = Set.copyOf(models);
    services = Set.copyOf(services);
    if (operations.isEmpty()) {
      throw new IllegalArgumentException("operations=[]: at least one is needed");
    }
  }

  boolean selects(SpanRecord record) {
    LlmSpan llm = record.llm();
    return llm.operation() != null
        && operations.contains(llm.operation())
        && record.cost().status() != Cost.Status.DUPLICATE
        && (models.isEmpty()
            || matches(llm.requestModel(), models)
            || matches(llm.responseModel(), models))
        && (services.isEmpty() || matches(record.serviceName(), services));
  }

  private static boolean matches(@Nullable String name, Collection<String> patterns) {
    if (name == null) {
      return false;
    }
    for (String pattern : patterns) {
      if (pattern.endsWith("*")
          ? name.startsWith(pattern.substring(0, pattern.length() - 1))
          : name.equals(pattern)) {
        return true;
      }
    }
    return false;
  }
}
