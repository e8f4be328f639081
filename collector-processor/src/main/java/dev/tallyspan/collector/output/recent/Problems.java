package dev.tallyspan.collector.output.recent;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tallyspan.semconv.span.Cost;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Calls whose cost is not known, not whole, or billed by another span, grouped by their reason. */
final class Problems {

  private record Group(String kind, String provider, String model, String reason) {}

  private record Example(String traceId, String key) {}

  /**
   * Calls with the same problem.
   *
   * @param kind {@code unpriced}, {@code partial}, {@code duplicate} or {@code possible_duplicate}
   * @param reason what has no price, or what decided who bills the call
   */
  record Problem(
      String kind,
      String provider,
      String model,
      String reason,
      int count,
      Spend spend,
      List<Example> examples) {

    /**
     * @param idField the name that readers know the id of a span by
     */
    void writeExamples(String idField, JsonGenerator json) throws IOException {
      json.writeArrayFieldStart("examples");
      for (Example example : examples) {
        json.writeStartObject();
        json.writeStringField("traceId", example.traceId);
        json.writeStringField(idField, example.key);
        json.writeEndObject();
      }
      json.writeEndArray();
    }
  }

  private static final class Found {
    final Spend spend = new Spend();
    int count;
    final List<Example> examples = new ArrayList<>();
  }

  private static final int MAX_EXAMPLES = 3;

  private Problems() {}

  /** Returns the problems, the most frequent first. */
  static List<Problem> of(List<TraceSummary> traces) {
    Map<Group, Found> groups = new LinkedHashMap<>();
    for (TraceSummary trace : traces) {
      for (RecentSpan span : trace.spans) {
        Group group = group(span.llm());
        if (group != null) {
          Found found = groups.computeIfAbsent(group, each -> new Found());
          found.count++;
          found.spend.add(span);
          if (found.examples.size() < MAX_EXAMPLES) {
            found.examples.add(new Example(trace.traceId, span.key()));
          }
        }
      }
    }
    List<Problem> problems = new ArrayList<>();
    groups.forEach(
        (group, found) ->
            problems.add(
                new Problem(
                    group.kind,
                    group.provider,
                    group.model,
                    group.reason,
                    found.count,
                    found.spend,
                    found.examples)));
    problems.sort((a, b) -> Integer.compare(b.count, a.count));
    return problems;
  }

  static void write(List<TraceSummary> traces, JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("problems");
    for (Problem problem : of(traces)) {
      json.writeStartObject();
      json.writeStringField("kind", problem.kind);
      json.writeStringField("provider", problem.provider);
      json.writeStringField("model", problem.model);
      json.writeStringField("reason", problem.reason);
      json.writeNumberField("count", problem.count);
      json.writeObjectFieldStart("spend");
      problem.spend.write(json);
      json.writeEndObject();
      problem.writeExamples("key", json);
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static @Nullable Group group(RecentSpan.@Nullable Facts llm) {
    if (llm == null) {
      return null;
    }
    return switch (llm.cost().status()) {
      case UNPRICED -> new Group("unpriced", llm.provider(), llm.model(), missing(llm));
      case PARTIAL -> new Group("partial", llm.provider(), llm.model(), missing(llm));
      case DUPLICATE, AGGREGATE ->
          llm.late()
              ? new Group("billed_twice", llm.provider(), llm.model(), llm.rule())
              : llm.is(Cost.Status.DUPLICATE)
                  ? new Group("duplicate", llm.provider(), llm.model(), llm.rule())
                  : null;
      default ->
          llm.cost().possibleDuplicateOf() == null || llm.cost().status() == Cost.Status.FREE
              ? null
              : new Group("possible_duplicate", llm.provider(), llm.model(), llm.rule());
    };
  }

  private static String missing(RecentSpan.Facts llm) {
    return String.join(", ", llm.cost().missing());
  }
}
