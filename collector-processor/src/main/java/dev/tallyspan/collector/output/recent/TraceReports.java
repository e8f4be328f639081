package dev.tallyspan.collector.output.recent;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Recent traces for readers that can take only so many characters, such as coding agents: JSON
 * objects without what is empty, with texts that are cut and lists that are paged. {@code
 * nextOffset} in an answer is where the next page starts; it is missing on the last one. Content in
 * it has passed the content policy. Thread-safe.
 *
 * <p>All methods throw {@link IllegalArgumentException} with a message for the reader if a trace, a
 * span or an argument is not known.
 */
public final class TraceReports {

  /** The beginning of a question or an answer in a row. */
  private static final int BEGINNING = 200;

  /** Names are chosen by senders, and may have any length. */
  private static final int NAME = 200;

  private final RecentTraces traces;
  private final InstantSource clock;

  /**
   * @param clock what {@code since:1h} refers to
   */
  public TraceReports(RecentTraces traces, InstantSource clock) {
    this.traces = requireNonNull(traces, "traces");
    this.clock = requireNonNull(clock, "clock");
  }

  /** Cuts a name as answers have it. */
  public static String cut(String name) {
    return BoundedJson.cut(name, NAME);
  }

  /**
   * Reads a time as filters have it: {@code 30m}, {@code 7d}, {@code 2026-01-31} or {@code
   * 2026-01-31T12:00:00Z}.
   */
  public Instant time(String since) {
    return TraceQuery.instant(since, clock.instant());
  }

  /**
   * Returns a page of the traces that a filter selects, those that started last first.
   *
   * @param filter see {@code docs/viewer.md}; empty = all
   * @param since see {@link #time}; empty = no limit
   */
  public String traces(String filter, String since, int offset, int limit, int maxCharacters) {
    List<TraceSummary> selected = select(filter, since);
    Spend sum = new Spend();
    selected.forEach(trace -> sum.add(trace.spend));
    return BoundedJson.page(
        json -> {
          json.writeNumberField("matched", selected.size());
          json.writeObjectFieldStart("sum");
          spend(sum, json);
          json.writeEndObject();
          stored(json);
        },
        "traces",
        selected,
        offset,
        limit,
        maxCharacters,
        (trace, json) -> {
          json.writeStartObject();
          row(trace, json);
          json.writeEndObject();
        });
  }

  private List<TraceSummary> select(String filter, String since) {
    List<TraceSummary> selected =
        TraceQuery.parse(filter, clock.instant()).select(traces.summaries());
    if (since.isEmpty()) {
      return selected;
    }
    long from = TraceQuery.time(since, clock.instant());
    return selected.stream().filter(trace -> trace.startNanos >= from).toList();
  }

  /** What is not in the store any more is in no sum. */
  private void stored(JsonGenerator json) throws IOException {
    RecentTraces.Stats stats = traces.stats();
    json.writeObjectFieldStart("stored");
    json.writeNumberField("traces", stats.traces());
    json.writeNumberField("spans", stats.spans());
    BoundedJson.count("evictedTraces", stats.evictedTraces(), json);
    BoundedJson.count("refusedSpans", stats.refusedSpans(), json);
    json.writeEndObject();
  }

  private static void row(TraceSummary trace, JsonGenerator json) throws IOException {
    json.writeStringField("traceId", trace.traceId);
    BoundedJson.text("name", trace.name, NAME, json);
    if (trace.startNanos > 0) {
      json.writeStringField("start", Instant.ofEpochMilli(trace.startNanos / 1_000_000).toString());
    }
    json.writeNumberField("durationMillis", trace.durationNanos() / 1_000_000);
    BoundedJson.text("asked", trace.asked, BEGINNING, json);
    BoundedJson.text("answered", trace.answered, BEGINNING, json);
    BoundedJson.text("user", trace.user, NAME, json);
    BoundedJson.text("session", trace.session, NAME, json);
    BoundedJson.text("feature", trace.feature, NAME, json);
    BoundedJson.texts("models", trace.models, NAME, json);
    BoundedJson.texts("services", trace.services, NAME, json);
    spend(trace.spend, json);
  }

  private static void spend(Spend sum, JsonGenerator json) throws IOException {
    sum.writeCosts("cost", json);
    json.writeNumberField("calls", sum.calls);
    json.writeNumberField("spans", sum.spans);
    BoundedJson.count("inputTokens", sum.inputTokens, json);
    BoundedJson.count("cachedTokens", sum.cachedTokens, json);
    BoundedJson.count("outputTokens", sum.outputTokens, json);
    BoundedJson.count("unpriced", sum.unpriced, json);
    BoundedJson.count("partial", sum.partial, json);
    BoundedJson.count("duplicates", sum.duplicates, json);
    BoundedJson.count("errors", sum.errors, json);
  }

  /** Returns a page of the spans of a trace, parents before their children. */
  public String trace(String traceId, int offset, int maxCharacters) {
    TraceSummary trace = find(traceId);
    TraceForest forest = TraceForest.of(trace.spans);
    Map<Integer, Integer> depths = new HashMap<>();
    List<Integer> order = order(forest.parents, depths);
    return BoundedJson.page(
        json -> {
          json.writeObjectFieldStart("trace");
          row(trace, json);
          json.writeEndObject();
        },
        "spans",
        order,
        offset,
        Integer.MAX_VALUE,
        maxCharacters,
        (i, json) -> span(trace, i, depths.getOrDefault(i, 0), forest, json));
  }

  /** Returns the spans with parents before their children, and how deep each is. */
  private static List<Integer> order(int[] parents, Map<Integer, Integer> depths) {
    Map<Integer, List<Integer>> children = new HashMap<>();
    for (int i = 0; i < parents.length; i++) {
      children.computeIfAbsent(parents[i], parent -> new ArrayList<>()).add(i);
    }
    List<Integer> order = new ArrayList<>();
    Deque<Integer> open = new ArrayDeque<>();
    push(children.getOrDefault(-1, List.of()), open);
    while (!open.isEmpty()) {
      int i = open.pop();
      order.add(i);
      depths.put(i, parents[i] < 0 ? 0 : depths.getOrDefault(parents[i], 0) + 1);
      push(children.getOrDefault(i, List.of()), open);
    }
    return order;
  }

  private static void push(List<Integer> spans, Deque<Integer> open) {
    for (int i = spans.size() - 1; i >= 0; i--) {
      open.push(spans.get(i));
    }
  }

  private static void span(
      TraceSummary trace, int i, int depth, TraceForest forest, JsonGenerator json)
      throws IOException {
    RecentSpan span = trace.spans.get(i);
    json.writeStartObject();
    json.writeStringField("spanId", span.key());
    json.writeNumberField("depth", depth);
    if (!span.parentSpanId().isEmpty()) {
      json.writeStringField("parent", span.parentSpanId());
      if (forest.parents[i] < 0) {
        json.writeBooleanField("parentMissing", true);
      }
    }
    BoundedJson.text("name", span.name(), NAME, json);
    BoundedJson.text("service", span.service(), NAME, json);
    if (span.startNanos() > 0) {
      json.writeNumberField("offsetMillis", (span.startNanos() - trace.startNanos) / 1_000_000);
    }
    json.writeNumberField("durationMillis", span.durationNanos() / 1_000_000);
    if (span.failed()) {
      json.writeBooleanField("failed", true);
      BoundedJson.text("errorType", span.errorType(), NAME, json);
      BoundedJson.text("statusMessage", span.statusMessage(), BEGINNING, json);
    }
    RecentSpan.Facts llm = span.llm();
    if (llm != null) {
      BoundedJson.text("operation", llm.operation(), NAME, json);
      BoundedJson.text("provider", llm.provider(), NAME, json);
      BoundedJson.text("subject", llm.subject(), NAME, json);
      BoundedJson.count("inputTokens", llm.inputTokens(), json);
      BoundedJson.count("cachedTokens", llm.cachedTokens(), json);
      BoundedJson.count("outputTokens", llm.outputTokens(), json);
      BoundedJson.count("reasoningTokens", llm.reasoningTokens(), json);
      CostExplanation.amount(llm, json);
      BoundedJson.text("asked", llm.asked(), BEGINNING, json);
      BoundedJson.text("answered", llm.answered(), BEGINNING, json);
    }
    Spend sum = forest.sums[i];
    if (sum.spans > 1) {
      json.writeObjectFieldStart("branch");
      spend(sum, json);
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  /**
   * Returns a piece of what is kept of a span, as JSON text, and the names and lengths of its
   * parts.
   *
   * @param part the name of a part; empty = all of them, as one object
   * @param offset in characters
   */
  public String span(String traceId, String spanId, String part, int offset, int maxCharacters) {
    Map<String, String> parts = SpanParts.of(find(find(traceId), spanId));
    String chosen;
    if (part.isEmpty()) {
      StringBuilder all = new StringBuilder("{");
      parts.forEach(
          (name, value) ->
              all.append(all.length() > 1 ? "," : "")
                  .append('"')
                  .append(name)
                  .append("\":")
                  .append(value));
      chosen = all.append('}').toString();
    } else {
      chosen = parts.get(part);
    }
    if (chosen == null) {
      throw new IllegalArgumentException(
          "part=" + part + ": this span has " + String.join(", ", parts.keySet()));
    }
    int from = BoundedJson.boundary(chosen, Math.min(offset, chosen.length()));
    int to = BoundedJson.boundary(chosen, Math.min(chosen.length(), from + maxCharacters));
    return BoundedJson.text(
        json -> {
          json.writeStartObject();
          json.writeStringField("traceId", traceId);
          json.writeStringField("spanId", spanId);
          json.writeStringField("part", part.isEmpty() ? "all" : part);
          json.writeObjectFieldStart("parts");
          for (Map.Entry<String, String> each : parts.entrySet()) {
            if (SpanParts.isLong(each.getValue())) {
              json.writeNumberField(each.getKey(), each.getValue().length());
            }
          }
          json.writeEndObject();
          json.writeNumberField("offset", from);
          json.writeNumberField("totalCharacters", chosen.length());
          if (to < chosen.length()) {
            json.writeNumberField("nextOffset", to);
          }
          json.writeStringField("json", chosen.substring(from, to));
          json.writeEndObject();
        });
  }

  /** Returns the arithmetic of a span's cost, who bills it if it does not, and its branch. */
  public String cost(String traceId, String spanId) {
    TraceSummary trace = find(traceId);
    return CostExplanation.of(trace, find(trace, spanId));
  }

  /**
   * Returns what billed spans cost, the highest cost first.
   *
   * @param by {@code model}, {@code provider}, {@code operation}, {@code user}, {@code session},
   *     {@code feature} or {@code service}
   * @param filter which traces count; empty = all
   * @param since see {@link #time}; empty = no limit
   * @param note what to say about the source
   */
  public String spend(
      String by, String filter, String since, int limit, String note, int maxCharacters) {
    RecentSpend report = new RecentSpend(select(filter, since), by);
    return BoundedJson.page(
        json -> {
          json.writeStringField("source", "recent_traces");
          json.writeStringField("note", note);
          json.writeStringField("by", by);
          json.writeObjectFieldStart("total");
          spend(report.total, json);
          json.writeEndObject();
          json.writeNumberField("matched", report.rows.size());
          stored(json);
        },
        "rows",
        report.rows,
        0,
        limit,
        maxCharacters,
        (row, json) -> {
          json.writeStartObject();
          json.writeStringField("key", BoundedJson.cut(row.getKey(), NAME));
          spend(row.getValue(), json);
          json.writeEndObject();
        });
  }

  /** Returns a page of what is unpriced, partial or billed by another span, and what to do. */
  public String problems(int offset, int maxCharacters) {
    List<Problems.Problem> problems = Problems.of(traces.summaries());
    return BoundedJson.page(
        json -> {
          json.writeNumberField("matched", problems.size());
          stored(json);
        },
        "problems",
        problems,
        offset,
        Integer.MAX_VALUE,
        maxCharacters,
        (problem, json) -> {
          json.writeStartObject();
          json.writeStringField("kind", problem.kind());
          json.writeStringField("meaning", Advice.meaning(problem.kind()));
          BoundedJson.text("provider", problem.provider(), NAME, json);
          BoundedJson.text("model", problem.model(), NAME, json);
          BoundedJson.text("reason", problem.reason(), NAME, json);
          json.writeNumberField("count", problem.count());
          spend(problem.spend(), json);
          BoundedJson.texts("whatToDo", Advice.of(problem.kind(), problem.reason()), 1_000, json);
          problem.writeExamples("spanId", json);
          json.writeEndObject();
        });
  }

  private TraceSummary find(String traceId) {
    TraceSummary trace = traces.trace(traceId.toLowerCase(Locale.ROOT));
    if (trace == null) {
      throw new IllegalArgumentException(
          "trace "
              + BoundedJson.cut(traceId, 64)
              + ": is not in the viewer's memory; it may have been removed, or not have arrived."
              + " list_traces returns the ids of those that are");
    }
    return trace;
  }

  private static RecentSpan find(TraceSummary trace, String spanId) {
    for (RecentSpan span : trace.spans) {
      if (span.key().equalsIgnoreCase(spanId)) {
        return span;
      }
    }
    throw new IllegalArgumentException(
        "span "
            + BoundedJson.cut(spanId, 64)
            + ": is not in trace "
            + trace.traceId
            + "; get_trace returns the ids of its spans");
  }
}
