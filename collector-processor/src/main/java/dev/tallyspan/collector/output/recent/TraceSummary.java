package dev.tallyspan.collector.output.recent;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tallyspan.semconv.Evaluation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A trace as a row of a list. Immutable, except for sums that nothing changes after it is made. */
final class TraceSummary {

  static final Comparator<TraceSummary> LATEST_FIRST =
      Comparator.comparingLong((TraceSummary trace) -> trace.startNanos)
          .reversed()
          .thenComparing(trace -> trace.traceId);

  static final Comparator<RecentSpan> BY_START =
      Comparator.comparingLong(RecentSpan::startNanos)
          .thenComparing(Comparator.comparingLong(RecentSpan::endNanos).reversed())
          .thenComparing(RecentSpan::key);

  final String traceId;

  /** By start. */
  final List<RecentSpan> spans;

  /** The model calls among the spans whose start is known: what charts are made of. */
  final List<RecentSpan> calls;

  final String name;
  final String user;
  final String session;
  final String feature;
  final Set<String> models = new TreeSet<>();
  final Set<String> services = new TreeSet<>();
  final String asked;
  final String answered;
  final long startNanos;
  final long endNanos;

  /** From the start of the trace to the first token of its last answer; -1 if not known. */
  final long firstTokenNanos;

  /** The results of evaluations of all spans. */
  final List<Evaluation> scores = new ArrayList<>();

  final boolean llm;
  final boolean redacted;
  final Spend spend = new Spend();

  /**
   * @param whole the trace of which the spans are a part; null = they are the trace
   */
  private TraceSummary(String traceId, List<RecentSpan> spans, @Nullable TraceSummary whole) {
    this.traceId = traceId;
    this.spans = spans;
    Set<String> keys = new HashSet<>();
    spans.forEach(span -> keys.add(span.key()));
    @Nullable RecentSpan root = null;
    String user = "";
    String session = "";
    String feature = "";
    String asked = "";
    @Nullable RecentSpan last = null;
    @Nullable RecentSpan firstToken = null;
    long start = 0;
    long end = 0;
    boolean llm = false;
    boolean redacted = false;
    List<RecentSpan> calls = new ArrayList<>();
    for (RecentSpan span : spans) {
      if (root == null && !keys.contains(span.parentSpanId())) {
        root = span;
      }
      start = start == 0 ? span.startNanos() : start;
      end = Math.max(end, span.endNanos());
      user = user.isEmpty() ? span.user() : user;
      session = session.isEmpty() ? span.session() : session;
      feature = feature.isEmpty() ? span.feature() : feature;
      redacted |= span.redacted();
      scores.addAll(span.scores());
      if (!span.service().isEmpty()) {
        services.add(span.service());
      }
      spend.add(span);
      RecentSpan.Facts facts = span.llm();
      if (facts == null) {
        continue;
      }
      llm = true;
      if (facts.isModelCall() && span.startNanos() > 0) {
        calls.add(span);
      }
      asked = asked.isEmpty() ? facts.asked() : asked;
      if (!facts.model().isEmpty() && facts.isModelCall()) {
        models.add(facts.model());
      }
      if (!facts.answered().isEmpty() && (last == null || span.endNanos() >= last.endNanos())) {
        last = span;
      }
      if (facts.firstTokenSeconds() > 0 && facts.isModelCall()) {
        firstToken = span;
      }
    }
    RecentSpan named = root == null ? spans.get(0) : root;
    name = named.name();
    this.user = user.isEmpty() && whole != null ? whole.user : user;
    this.session = session.isEmpty() && whole != null ? whole.session : session;
    this.feature = feature.isEmpty() && whole != null ? whole.feature : feature;
    this.asked = asked;
    answered = last == null || last.llm() == null ? "" : last.llm().answered();
    startNanos = start;
    endNanos = end;
    firstTokenNanos =
        firstToken == null || firstToken.llm() == null || start == 0
            ? -1
            : firstToken.startNanos() - start + (long) (firstToken.llm().firstTokenSeconds() * 1e9);
    this.calls = List.copyOf(calls);
    this.llm = llm;
    this.redacted = redacted;
  }

  /**
   * @param spans at least one, in any order
   */
  static TraceSummary of(String traceId, List<RecentSpan> spans) {
    return new TraceSummary(
        traceId, LateTwins.corrected(spans.stream().sorted(BY_START).toList()), /* whole= */ null);
  }

  /** Returns one span of the trace as if it were all of it, with the user and session of it. */
  TraceSummary only(RecentSpan span) {
    return new TraceSummary(traceId, List.of(span), /* whole= */ this);
  }

  long durationNanos() {
    return startNanos > 0 && endNanos > startNanos ? endNanos - startNanos : 0;
  }

  void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("traceId", traceId);
    json.writeStringField("name", name);
    json.writeNumberField("startMillis", startNanos / 1_000_000);
    json.writeNumberField("durationNanos", durationNanos());
    if (firstTokenNanos >= 0) {
      json.writeNumberField("firstTokenNanos", firstTokenNanos);
    }
    json.writeStringField("asked", asked);
    json.writeStringField("answered", answered);
    json.writeStringField("user", user);
    json.writeStringField("session", session);
    json.writeStringField("feature", feature);
    texts("models", models, json);
    texts("services", services, json);
    json.writeBooleanField("llm", llm);
    json.writeBooleanField("redacted", redacted);
    ScoreJson.row(scores, json);
    spend.write(json);
    json.writeEndObject();
  }

  private static void texts(String field, Set<String> texts, JsonGenerator json)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }
}
