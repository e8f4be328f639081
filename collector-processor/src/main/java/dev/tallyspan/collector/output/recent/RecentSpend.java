package dev.tallyspan.collector.output.recent;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What billed spans cost, by one of their properties. */
final class RecentSpend {

  static final Set<String> KEYS =
      new TreeSet<>(
          Set.of("model", "provider", "operation", "user", "session", "feature", "service"));

  final List<Map.Entry<String, Spend>> rows;
  final Spend total = new Spend();

  /**
   * @throws IllegalArgumentException if {@code by} is not one of {@link #KEYS}
   */
  RecentSpend(List<TraceSummary> traces, String by) {
    if (!KEYS.contains(by)) {
      throw new IllegalArgumentException("by=" + by + ": use one of " + String.join(", ", KEYS));
    }
    Map<String, Spend> sums = new HashMap<>();
    for (TraceSummary trace : traces) {
      for (RecentSpan span : trace.spans) {
        RecentSpan.Facts llm = span.llm();
        if (llm != null && llm.cost().status().isBilled()) {
          sums.computeIfAbsent(key(trace, span, llm, by), each -> new Spend()).add(span);
          total.add(span);
        }
      }
    }
    rows = new ArrayList<>(sums.entrySet());
    rows.sort(
        (a, b) -> {
          int cost = Double.compare(b.getValue().highest(), a.getValue().highest());
          int tokens = Long.compare(b.getValue().tokens(), a.getValue().tokens());
          return cost != 0 ? cost : tokens != 0 ? tokens : a.getKey().compareTo(b.getKey());
        });
  }

  /** Returns a property of a span; of its trace, if it has no user, session or feature itself. */
  static String key(TraceSummary trace, RecentSpan span, RecentSpan.Facts llm, String by) {
    return switch (by) {
      case "model" -> llm.model();
      case "provider" -> llm.provider();
      case "operation" -> llm.operation();
      case "user" -> span.user().isEmpty() ? trace.user : span.user();
      case "session" -> span.session().isEmpty() ? trace.session : span.session();
      case "feature" -> span.feature().isEmpty() ? trace.feature : span.feature();
      default -> span.service();
    };
  }
}
