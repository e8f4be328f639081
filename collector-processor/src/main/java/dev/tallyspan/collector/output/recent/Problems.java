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

  private static final class Found {
    final Spend spend = new Spend();
    int count;
    final List<String[]> examples = new ArrayList<>();
  }

  private static final int MAX_EXAMPLES = 3;

  private Problems() {}

  static void write(List<TraceSummary> traces, JsonGenerator json) throws IOException {
    Map<Group, Found> groups = new LinkedHashMap<>();
    for (TraceSummary trace : traces) {
      for (RecentSpan span : trace.spans) {
        Group group = group(span.llm());
        if (group != null) {
          Found found = groups.computeIfAbsent(group, each -> new Found());
          found.count++;
          found.spend.add(span);
          if (found.examples.size() < MAX_EXAMPLES) {
            found.examples.add(new String[] {trace.traceId, span.key()});
          }
        }
      }
    }
    List<Map.Entry<Group, Found>> most = new ArrayList<>(groups.entrySet());
    most.sort((a, b) -> Integer.compare(b.getValue().count, a.getValue().count));
    json.writeArrayFieldStart("problems");
    for (Map.Entry<Group, Found> each : most) {
      json.writeStartObject();
      json.writeStringField("kind", each.getKey().kind);
      json.writeStringField("provider", each.getKey().provider);
      json.writeStringField("model", each.getKey().model);
      json.writeStringField("reason", each.getKey().reason);
      json.writeNumberField("count", each.getValue().count);
      json.writeObjectFieldStart("spend");
      each.getValue().spend.write(json);
      json.writeEndObject();
      json.writeArrayFieldStart("examples");
      for (String[] example : each.getValue().examples) {
        json.writeStartObject();
        json.writeStringField("traceId", example[0]);
        json.writeStringField("key", example[1]);
        json.writeEndObject();
      }
      json.writeEndArray();
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
