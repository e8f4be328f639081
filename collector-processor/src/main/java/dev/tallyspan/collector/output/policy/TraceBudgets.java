package dev.tallyspan.collector.output.policy;

import dev.tallyspan.semconv.content.ContentBudget;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How much content of each trace may still leave. The spans of a trace come in several requests, so
 * the budgets of the last traces are remembered; a trace that comes back later starts anew.
 * Thread-safe.
 */
public final class TraceBudgets {

  /** About 3 MB. */
  private static final int MOST_TRACES = 16_384;

  private final long traceBytes;
  private final long spanBytes;
  private final Map<String, ContentBudget> byTrace =
      new LinkedHashMap<>(16, 0.75f, /* accessOrder= */ true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, ContentBudget> eldest) {
          return size() > MOST_TRACES;
        }
      };

  /**
   * @param traceBytes the limit of a trace; 0 = no limit
   * @param spanBytes the limit of a span or log record; 0 = no limit
   */
  public TraceBudgets(long traceBytes, long spanBytes) {
    this.traceBytes = traceBytes;
    this.spanBytes = spanBytes;
  }

  /**
   * Returns a new budget for a span or log record.
   *
   * @param traceId empty if it is in no trace
   */
  ContentBudget ofItem(String traceId) {
    if (traceBytes == 0 || traceId.isEmpty()) {
      return ContentBudget.ofBytes(spanBytes);
    }
    synchronized (byTrace) {
      return byTrace
          .computeIfAbsent(traceId, id -> ContentBudget.ofBytes(traceBytes))
          .part(spanBytes);
    }
  }
}
