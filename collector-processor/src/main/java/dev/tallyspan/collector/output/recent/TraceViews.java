package dev.tallyspan.collector.output.recent;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.tallyspan.collector.output.dataset.CasePage;
import dev.tallyspan.collector.output.dataset.DatasetCase;
import dev.tallyspan.collector.output.dataset.DatasetFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the pages of the viewer show, as JSON in UTF-8. Thread-safe, and computed anew for each
 * call; nothing blocks for longer than it takes to compute.
 */
public final class TraceViews {

  private static final JsonFactory JSON = new JsonFactory();

  private static final int CASES_PER_PAGE = 100;

  /** Of the spans that are read: pages are computed on the thread that answers requests. */
  private static final long BYTES_PER_PAGE = 4L << 20;

  private final RecentTraces traces;
  private final LongSupplier skippedSpans;
  private final InstantSource clock;

  /**
   * @param skippedSpans how many spans were received and not kept
   * @param clock what {@code since:1h} refers to
   */
  public TraceViews(RecentTraces traces, LongSupplier skippedSpans, InstantSource clock) {
    this.traces = requireNonNull(traces, "traces");
    this.skippedSpans = requireNonNull(skippedSpans, "skippedSpans");
    this.clock = requireNonNull(clock, "clock");
  }

  /** Writes one JSON value. */
  interface Body {
    void write(JsonGenerator json) throws IOException;
  }

  static byte[] json(Body body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(8192);
    try (JsonGenerator json = JSON.createGenerator(out)) {
      body.write(json);
    } catch (IOException e) {
      throw new IllegalStateException(e); // Written in memory.
    }
    return out.toByteArray();
  }

  /**
   * Returns the traces that a query selects, those that started last first.
   *
   * @param query see {@code docs/viewer.md}; empty = all
   * @param offset how many to leave out
   * @param limit how many to return at most
   * @throws IllegalArgumentException if the query cannot be read
   */
  public byte[] traces(String query, int offset, int limit) {
    List<TraceSummary> selected = select(query);
    Spend sum = new Spend();
    selected.forEach(trace -> sum.add(trace.spend));
    return json(
        json -> {
          json.writeStartObject();
          json.writeNumberField("matched", selected.size());
          json.writeObjectFieldStart("sum");
          sum.write(json);
          json.writeEndObject();
          stats(json);
          json.writeArrayFieldStart("traces");
          int from = Math.min(offset, selected.size());
          for (TraceSummary trace :
              selected.subList(from, from + Math.min(limit, selected.size() - from))) {
            trace.write(json);
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  private List<TraceSummary> select(String query) {
    return TraceQuery.parse(query, clock.instant()).select(traces.summaries());
  }

  private void stats(JsonGenerator json) throws IOException {
    RecentTraces.Stats stats = traces.stats();
    json.writeObjectFieldStart("stored");
    json.writeNumberField("traces", stats.traces());
    json.writeNumberField("spans", stats.spans());
    json.writeNumberField("bytes", stats.bytes());
    json.writeNumberField("maxBytes", stats.maxBytes());
    json.writeNumberField("evictedTraces", stats.evictedTraces());
    json.writeNumberField("evictedSpans", stats.evictedSpans());
    json.writeNumberField("refusedSpans", stats.refusedSpans());
    json.writeNumberField("skippedSpans", skippedSpans.getAsLong());
    json.writeEndObject();
  }

  /** Returns a trace with its spans as a tree, without their content; null if there is none. */
  public byte @Nullable [] trace(String traceId) {
    TraceSummary trace = traces.trace(traceId);
    if (trace == null) {
      return null;
    }
    TraceForest forest = TraceForest.of(trace.spans);
    return json(
        json -> {
          json.writeStartObject();
          json.writeFieldName("summary");
          trace.write(json);
          json.writeArrayFieldStart("spans");
          for (int i = 0; i < trace.spans.size(); i++) {
            span(trace, i, forest, json);
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  private static void span(TraceSummary trace, int i, TraceForest forest, JsonGenerator json)
      throws IOException {
    RecentSpan span = trace.spans.get(i);
    json.writeStartObject();
    json.writeStringField("key", span.key());
    json.writeNumberField("parent", forest.parents[i]);
    json.writeBooleanField("orphan", forest.parents[i] < 0 && !span.parentSpanId().isEmpty());
    json.writeStringField("name", span.name());
    json.writeStringField("service", span.service());
    json.writeNumberField(
        "offsetNanos", span.startNanos() > 0 ? span.startNanos() - trace.startNanos : 0);
    json.writeNumberField("durationNanos", span.durationNanos());
    json.writeBooleanField("failed", span.failed());
    if (!span.errorType().isEmpty()) {
      json.writeStringField("errorType", span.errorType());
    }
    if (!span.scores().isEmpty()) {
      ScoreJson.row(span.scores(), json);
    }
    RecentSpan.Facts llm = span.llm();
    if (llm != null) {
      json.writeStringField("operation", llm.operation());
      json.writeStringField("provider", llm.provider());
      json.writeStringField("subject", llm.subject());
      json.writeStringField("status", llm.cost().status().wireName());
      json.writeBooleanField("call", llm.isModelCall());
      json.writeNumberField("inputTokens", llm.inputTokens());
      json.writeNumberField("cachedTokens", llm.cachedTokens());
      json.writeNumberField("outputTokens", llm.outputTokens());
      json.writeNumberField("reasoningTokens", llm.reasoningTokens());
      BigDecimal amount = llm.amount();
      if (amount != null) {
        json.writeStringField("amount", amount.toPlainString());
        json.writeStringField("currency", String.valueOf(llm.cost().currency()));
      }
      if (llm.cost().duplicateOf() != null) {
        json.writeStringField("duplicateOf", llm.cost().duplicateOf());
      }
      if (llm.firstTokenSeconds() > 0 && Double.isFinite(llm.firstTokenSeconds())) {
        json.writeNumberField("firstTokenNanos", (long) (llm.firstTokenSeconds() * 1e9));
      }
    }
    Spend sum = forest.sums[i];
    sum.writeCosts("sum", json);
    json.writeNumberField("sumTokens", sum.tokens());
    json.writeNumberField("sumCalls", sum.calls);
    json.writeNumberField("sumErrors", sum.errors);
    json.writeNumberField("sumUnpriced", sum.unpriced + sum.partial);
    json.writeEndObject();
  }

  /** Returns everything that is kept of a span; null if there is none. */
  public byte @Nullable [] span(String traceId, String key) {
    TraceSummary trace = traces.trace(traceId);
    if (trace != null) {
      for (RecentSpan span : trace.spans) {
        if (span.key().equals(key)) {
          return span.detail();
        }
      }
    }
    return null;
  }

  /**
   * Returns everything that is kept of a span and its descendants, as a list that starts with it;
   * null if there is none.
   *
   * @param key empty = all spans of the trace
   */
  public byte @Nullable [] branch(String traceId, String key) {
    TraceSummary trace = traces.trace(traceId);
    List<byte[]> details = trace == null ? List.of() : details(trace, key);
    if (details.isEmpty()) {
      return null;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write('[');
    for (byte[] detail : details) {
      if (out.size() > 1) {
        out.write(',');
      }
      out.writeBytes(detail);
    }
    out.write(']');
    return out.toByteArray();
  }

  /** Returns the spans of a branch, that of the key first; none if there is no such span. */
  private static List<byte[]> details(TraceSummary trace, String key) {
    boolean[] within = new boolean[trace.spans.size()];
    if (key.isEmpty()) {
      Arrays.fill(within, true);
    } else {
      int root = -1;
      for (int i = 0; i < within.length; i++) {
        root = trace.spans.get(i).key().equals(key) ? i : root;
      }
      if (root < 0) {
        return List.of();
      }
      within = TraceForest.of(trace.spans).branch(root);
    }
    List<byte[]> details = new ArrayList<>();
    for (int i = 0; i < within.length; i++) {
      if (within[i]) {
        details.add(trace.spans.get(i).detail());
      }
    }
    return details;
  }

  /**
   * Returns a trace or a span as a case for evaluations; null if there is none.
   *
   * @param key of the span; empty = the whole trace
   * @throws IllegalArgumentException if its question is not recorded
   */
  public @Nullable DatasetCase datasetCase(String traceId, String key) {
    TraceSummary trace = traces.trace(traceId);
    if (trace == null || !key.isEmpty() && details(trace, key).isEmpty()) {
      return null;
    }
    return datasetCase(trace, key)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no case: "
                        + (key.isEmpty() ? "the trace" : "the span")
                        + " has no messages that were asked, or the content policy removed them"));
  }

  private static Optional<DatasetCase> datasetCase(TraceSummary trace, String key) {
    List<byte[]> details = details(trace, key);
    if (key.isEmpty()) {
      return DatasetCase.ofTrace(details);
    }
    // A parent whose clock is late does not start first.
    int first = 0;
    while (!trace.spans.get(first).key().equals(key)) {
      first++;
    }
    byte[] head = trace.spans.get(first).detail();
    List<byte[]> branch = new ArrayList<>(List.of(head));
    details.stream().filter(detail -> detail != head).forEach(branch::add);
    return DatasetCase.ofSpan(branch);
  }

  /**
   * Returns a page of the traces or model calls that are selected, as cases for evaluations, those
   * that started last first.
   *
   * @param after the cursor that the page before has; empty = the first page
   * @throws IllegalArgumentException if the query or the cursor cannot be read
   */
  public CasePage datasetCases(CaseSelection selection, String after) {
    TraceQuery query = TraceQuery.parse(selection.query(), clock.instant());
    CaseCursor cursor = CaseCursor.parse(after);
    List<DatasetCase> cases = new ArrayList<>();
    long read = 0;
    int leftOut = 0;
    String next = "";
    for (TraceSummary trace : traces.summaries()) {
      if (!cursor.isBefore(trace) || !selection.includes(trace)) {
        continue;
      }
      if (cases.size() >= CASES_PER_PAGE || read > BYTES_PER_PAGE) {
        return new CasePage(cases, leftOut, next);
      }
      next = CaseCursor.at(trace).toString();
      for (String key : keys(trace, query, selection.bySpan())) {
        Optional<DatasetCase> made = datasetCase(trace, key);
        made.ifPresent(cases::add);
        leftOut += made.isEmpty() ? 1 : 0;
        read += trace.spans.stream().mapToLong(span -> span.detail().length).sum();
      }
    }
    return new CasePage(cases, leftOut, /* next= */ "");
  }

  /** Returns the keys of what becomes a case; an empty one is the whole trace. */
  private static List<String> keys(TraceSummary trace, TraceQuery selected, boolean bySpan) {
    if (!bySpan) {
      return trace.llm && selected.matches(trace) ? List.of("") : List.of();
    }
    return trace.spans.stream()
        .filter(span -> span.isModelCall() && selected.matches(trace.only(span)))
        .map(RecentSpan::key)
        .toList();
  }

  /**
   * Returns the sessions of the traces that a query selects, the latest first.
   *
   * @throws IllegalArgumentException if the query cannot be read
   */
  public byte[] sessions(String query) {
    Map<String, List<TraceSummary>> bySession = new LinkedHashMap<>();
    for (TraceSummary trace : select(query)) {
      if (!trace.session.isEmpty()) {
        bySession.computeIfAbsent(trace.session, id -> new ArrayList<>()).add(trace);
      }
    }
    return json(
        json -> {
          json.writeStartObject();
          json.writeArrayFieldStart("sessions");
          for (Map.Entry<String, List<TraceSummary>> session : bySession.entrySet()) {
            session(session.getKey(), session.getValue(), json);
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  private static void session(String id, List<TraceSummary> latestFirst, JsonGenerator json)
      throws IOException {
    Spend sum = new Spend();
    Set<String> users = new TreeSet<>();
    Set<String> models = new TreeSet<>();
    long end = 0;
    for (TraceSummary trace : latestFirst) {
      sum.add(trace.spend);
      models.addAll(trace.models);
      end = Math.max(end, trace.endNanos);
      if (!trace.user.isEmpty()) {
        users.add(trace.user);
      }
    }
    TraceSummary first =
        latestFirst.stream().min(Comparator.comparingLong(it -> it.startNanos)).orElseThrow();
    json.writeStartObject();
    json.writeStringField("session", id);
    json.writeStringField("user", String.join(", ", users));
    json.writeStringField("models", String.join(", ", models));
    json.writeStringField("asked", first.asked);
    json.writeNumberField("traces", latestFirst.size());
    json.writeNumberField("startMillis", first.startNanos / 1_000_000);
    json.writeNumberField("endMillis", end / 1_000_000);
    sum.write(json);
    json.writeEndObject();
  }

  /**
   * Returns sums over time of the calls in the traces that a query selects.
   *
   * @param by {@code model}, {@code user}, {@code session}, {@code feature} or {@code service}
   * @param currency of the amounts over time; empty = the one that most calls have
   * @param since when the first call began, see {@link #time}; null = no limit
   * @param until before which the last call began; null = no limit
   * @throws IllegalArgumentException if the query cannot be read, or {@code by} is not known
   */
  public byte[] charts(
      String query, String by, String currency, @Nullable Instant since, @Nullable Instant until) {
    return Charts.of(select(query), by, currency, since, until);
  }

  /**
   * Returns a time as queries write it: {@code 1h} ago, a day, or {@code 2026-01-31T12:00:00Z}.
   *
   * @throws IllegalArgumentException if it is none of these
   */
  public Instant time(String text) {
    return TraceQuery.instant(text, clock.instant());
  }

  /** Returns what is unpriced, partial or billed by another span, in groups. */
  public byte[] problems() {
    List<TraceSummary> all = traces.summaries();
    return json(
        json -> {
          json.writeStartObject();
          stats(json);
          Problems.write(all, json);
          json.writeEndObject();
        });
  }

  /** Returns what is wrong with a request, as JSON. */
  public static byte[] error(String message) {
    return json(
        json -> {
          json.writeStartObject();
          json.writeStringField("error", message);
          json.writeEndObject();
        });
  }

  /**
   * Returns what pages need to know of the viewer, as JSON.
   *
   * @param content the mode of the content policy
   * @param ledger whether a ledger runs beside the viewer
   * @param links URLs with {@code {traceId}}, by what the link says
   */
  public static byte[] about(
      String version, String content, boolean ledger, Map<String, String> links) {
    return json(
        json -> {
          json.writeStartObject();
          json.writeStringField("version", version);
          json.writeStringField("content", content);
          json.writeArrayFieldStart("caseFormats");
          for (DatasetFormat format : DatasetFormat.values()) {
            json.writeString(format.wireName());
          }
          json.writeEndArray();
          json.writeBooleanField("ledger", ledger);
          json.writeArrayFieldStart("links");
          for (Map.Entry<String, String> link : links.entrySet()) {
            json.writeStartObject();
            json.writeStringField("name", link.getKey());
            json.writeStringField("url", link.getValue());
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  /** Returns the ids as a JSON array. */
  public static String ids(Set<String> traceIds) {
    byte[] json =
        json(
            out -> {
              out.writeStartArray();
              for (String id : traceIds) {
                out.writeString(id);
              }
              out.writeEndArray();
            });
    return new String(json, StandardCharsets.UTF_8);
  }
}
