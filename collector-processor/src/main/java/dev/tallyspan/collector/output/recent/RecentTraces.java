package dev.tallyspan.collector.output.recent;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.erasure.Subject;
import dev.tallyspan.collector.flow.Heap;
import dev.tallyspan.collector.pipeline.EvaluationTarget;
import dev.tallyspan.semconv.Evaluation;
import dev.tallyspan.semconv.read.Evaluations;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The recent traces, in memory, within limits of number, size and age.
 *
 * <p>When a limit is reached, the trace that has received no span for the longest time is evicted
 * as a whole. A trace that fills the store alone keeps its first spans and accepts no more. A span
 * that is delivered again replaces the one with the same id in its trace. The result of an
 * evaluation that comes before its span waits for it, for as long as a trace is kept. Evicted and
 * refused spans are counted. A trace that was forgotten does not come back with spans that arrive
 * later, as far as the last 100,000 of them go. Thread-safe; a listener is called on the thread
 * that added spans, without a lock.
 */
public final class RecentTraces {

  /** What is in the store, and counts of what is not in it any more. */
  public record Stats(
      int traces,
      int spans,
      long bytes,
      long maxBytes,
      long evictedTraces,
      long evictedSpans,
      long refusedSpans) {}

  private static final int MOST_FORGOTTEN = 100_000;

  private final int maxTraces;
  private final long maxBytes;
  private final long maxAgeMillis;
  private final InstantSource clock;

  // In the order in which traces received their last spans.
  private final Map<String, Trace> traces = new LinkedHashMap<>();
  private final Map<String, SpanKey> byResponse = new HashMap<>();

  /** By the ids of spans alone, which some evaluations have without that of the trace. */
  private final Map<String, SpanKey> bySpan = new HashMap<>();

  private final WaitingScores waiting;
  private final Set<String> forgotten = new LinkedHashSet<>();
  private int spans;
  private long bytes;
  private long evictedTraces;
  private long evictedSpans;
  private long refusedSpans;
  private volatile Consumer<Set<String>> listener = changed -> {};

  private record SpanKey(String traceId, String key) {}

  private RecentTraces(Builder builder) {
    maxTraces = builder.maxTraces;
    maxBytes = builder.maxBytes;
    maxAgeMillis = builder.maxAge.toMillis();
    clock = builder.clock;
    waiting = new WaitingScores(maxAgeMillis, maxBytes);
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Receives the ids of traces that got spans; replaces the listener before. */
  public void onChange(Consumer<Set<String>> changed) {
    listener = requireNonNull(changed, "changed");
  }

  /** Returns the spans that were taken, with what has waited for them. */
  List<RecentSpan> add(Collection<RecentSpan> arrived) {
    List<RecentSpan> taken = new ArrayList<>();
    Set<String> changed = new LinkedHashSet<>();
    synchronized (this) {
      long now = clock.millis();
      for (RecentSpan span : arrived) {
        if (add(span, now)) {
          findScores(span, now);
          changed.add(span.traceId());
          Trace trace = traces.get(span.traceId());
          taken.add(trace == null ? span : trace.spans.getOrDefault(span.key(), span));
        }
      }
      evictOld(now);
    }
    if (!changed.isEmpty()) {
      listener.accept(changed);
    }
    return taken;
  }

  /** Returns an empty store with the same limits. */
  RecentTraces another() {
    return builder()
        .maxTraces(maxTraces)
        .maxBytes(maxBytes)
        .maxAge(Duration.ofMillis(maxAgeMillis))
        .clock(clock)
        .build();
  }

  long maxBytes() {
    return maxBytes;
  }

  Duration maxAge() {
    return Duration.ofMillis(maxAgeMillis);
  }

  /**
   * Adds spans that arrived earlier, in the order of their arrival, to a store without a listener.
   */
  synchronized void restore(Collection<RecentSpan> spans, Instant arrival) {
    if (clock.millis() - arrival.toEpochMilli() <= maxAgeMillis) {
      spans.forEach(span -> add(span, arrival.toEpochMilli()));
    }
  }

  /**
   * Takes over the traces of a store that was filled earlier, and is not used any more. They are
   * evicted before those that are here; spans that are here are newer, and stay.
   */
  void join(RecentTraces earlier) {
    Set<String> changed;
    synchronized (this) {
      Map<String, Trace> here = new LinkedHashMap<>(traces);
      traces.clear();
      spans = 0;
      bytes = 0;
      earlier.traces.forEach(
          (id, trace) -> {
            Trace newer = here.get(id);
            if (forgotten.contains(id)) {
              return;
            }
            if (newer == null) {
              traces.put(id, trace);
            } else {
              trace.spans.forEach(newer::putIfAbsent);
            }
          });
      traces.putAll(here);
      for (Trace trace : traces.values()) {
        spans += trace.spans.size();
        bytes += trace.bytes;
        trace.spans.values().forEach(this::index);
      }
      changed = new LinkedHashSet<>(earlier.traces.keySet());
      changed.retainAll(traces.keySet());
      while (!traces.isEmpty() && (bytes > maxBytes || traces.size() > maxTraces)) {
        evict(traces.values().iterator());
      }
      evictOld(clock.millis());
    }
    if (!changed.isEmpty()) {
      listener.accept(changed);
    }
  }

  /**
   * Adds the results of evaluations to their spans, or keeps them until those come.
   *
   * @return the spans that have changed, as they are now
   */
  List<RecentSpan> addScores(Collection<LateScore> arrived) {
    Map<SpanKey, RecentSpan> changed = new LinkedHashMap<>();
    synchronized (this) {
      long now = clock.millis();
      for (LateScore score : arrived) {
        SpanKey of = find(score);
        if (of != null) {
          if (add(score.evaluation(), of, now)) {
            changed.put(of, requireNonNull(traces.get(of.traceId)).spans.get(of.key));
          }
        } else if (!score.target().isEmpty() && !forgotten.contains(score.traceId())) {
          waiting.add(score, now);
        }
      }
      evictOld(now);
    }
    if (!changed.isEmpty()) {
      Set<String> traceIds = new LinkedHashSet<>();
      changed.keySet().forEach(key -> traceIds.add(key.traceId));
      listener.accept(traceIds);
    }
    return List.copyOf(changed.values());
  }

  /** Returns the span that was evaluated; null if it is not in the store. */
  private @Nullable SpanKey find(LateScore score) {
    if (score.traceId().isEmpty() && !score.spanId().isEmpty()) {
      return bySpan.get(score.spanId());
    }
    if (score.traceId().isEmpty()) {
      String response = score.evaluation().responseId();
      return response == null ? null : byResponse.get(response);
    }
    Trace trace = traces.get(score.traceId());
    if (trace == null) {
      return null;
    }
    if (!score.spanId().isEmpty()) {
      return trace.spans.containsKey(score.spanId())
          ? new SpanKey(score.traceId(), score.spanId())
          : null;
    }
    for (RecentSpan span : trace.spans.values()) {
      if (span.parentSpanId().isEmpty()) {
        return new SpanKey(score.traceId(), span.key());
      }
    }
    return null;
  }

  /** Adds to a span what has waited for it. */
  private void findScores(RecentSpan span, long now) {
    List<LateScore> found = new ArrayList<>(waiting.take(span.traceId(), it -> find(it) != null));
    found.addAll(waiting.take(EvaluationTarget.span(span.key()), it -> true));
    if (span.llm() != null && !span.llm().responseId().isEmpty()) {
      found.addAll(waiting.take(EvaluationTarget.response(span.llm().responseId()), it -> true));
    }
    for (LateScore score : found) {
      SpanKey of = find(score);
      if (of != null) {
        add(score.evaluation(), of, now);
      }
    }
  }

  /**
   * Returns whether this changed the span. The same result twice is one, and of two states of a
   * result the later one counts.
   */
  private boolean add(Evaluation score, SpanKey of, long now) {
    Trace trace = traces.get(of.traceId);
    RecentSpan span = trace == null ? null : trace.spans.get(of.key);
    if (trace == null
        || span == null
        || span.scores().size() >= Evaluations.MOST
            && span.scores().stream().noneMatch(score::isStateOf)
        || hasLater(span, score)) {
      return false;
    }
    Set<Evaluation> late = trace.late.computeIfAbsent(of.key, key -> new LinkedHashSet<>());
    late.removeIf(score::isStateOf);
    late.add(score);
    return add(span, now);
  }

  /** Whether a span has this result, or a later state of it. */
  private static boolean hasLater(RecentSpan span, Evaluation score) {
    return span.scores().stream()
        .anyMatch(
            known ->
                known.equals(score)
                    || known.isStateOf(score) && known.epochNanos() > score.epochNanos());
  }

  private boolean add(RecentSpan arrived, long now) {
    Trace known = traces.get(arrived.traceId());
    if (arrived.isEarlierState() && known != null && known.spans.containsKey(arrived.key())) {
      return false; // What came before is the last state, or another one that says no less.
    }
    if (forgotten.contains(arrived.traceId())) {
      return false;
    }
    Trace trace = traces.remove(arrived.traceId());
    if (trace == null) {
      trace = new Trace();
    }
    RecentSpan span = trace.scored(arrived);
    RecentSpan before = trace.spans.get(span.key());
    long grown = span.bytes() - (before == null ? 0 : before.bytes());
    while (!traces.isEmpty() && (bytes + grown > maxBytes || traces.size() >= maxTraces)) {
      evict(traces.values().iterator());
    }
    boolean fits = bytes + grown <= maxBytes;
    if (fits) {
      trace.spans.put(span.key(), span);
      index(span);
      trace.bytes += grown;
      trace.summary = null;
      trace.lastArrivalMillis = now;
      bytes += grown;
      spans += before == null ? 1 : 0;
    } else {
      refusedSpans++;
    }
    if (!trace.spans.isEmpty()) {
      traces.put(span.traceId(), trace);
    }
    return fits;
  }

  private void evictOld(long now) {
    Iterator<Trace> eldest = traces.values().iterator();
    while (eldest.hasNext()) {
      Trace trace = eldest.next();
      if (now - trace.lastArrivalMillis <= maxAgeMillis) {
        return;
      }
      evicted(trace);
      eldest.remove();
    }
  }

  private void evict(Iterator<Trace> eldest) {
    evicted(eldest.next());
    eldest.remove();
  }

  private void evicted(Trace trace) {
    spans -= trace.spans.size();
    bytes -= trace.bytes;
    evictedTraces++;
    evictedSpans += trace.spans.size();
    forgetIndex(trace);
  }

  private void index(RecentSpan span) {
    bySpan.put(span.key(), new SpanKey(span.traceId(), span.key()));
    if (span.llm() != null && !span.llm().responseId().isEmpty()) {
      byResponse.put(span.llm().responseId(), new SpanKey(span.traceId(), span.key()));
    }
  }

  private void forgetIndex(Trace trace) {
    for (RecentSpan span : trace.spans.values()) {
      bySpan.remove(span.key(), new SpanKey(span.traceId(), span.key()));
      if (span.llm() != null) {
        byResponse.remove(span.llm().responseId(), new SpanKey(span.traceId(), span.key()));
      }
    }
  }

  /** Adds the ids of the traces that have a span of the subject. */
  synchronized void findTraces(Subject subject, Set<String> traceIds) {
    traces.forEach(
        (id, trace) -> {
          if (trace.spans.values().stream().anyMatch(span -> isOf(span, subject))) {
            traceIds.add(id);
          }
        });
  }

  static boolean isOf(RecentSpan span, Subject subject) {
    return switch (subject.kind()) {
      case USER -> span.user().equals(subject.id());
      case SESSION -> span.session().equals(subject.id());
      case TRACE -> span.traceId().equals(subject.id());
    };
  }

  /**
   * Removes traces, and does not take spans of them any more.
   *
   * @return how many traces and spans there were
   */
  int[] forget(Set<String> traceIds) {
    int[] removed = new int[2];
    Set<String> changed = new LinkedHashSet<>();
    synchronized (this) {
      for (String traceId : traceIds) {
        forgotten.add(traceId);
        waiting.take(traceId, score -> true);
        Trace trace = traces.remove(traceId);
        if (trace != null) {
          forgetIndex(trace);
          spans -= trace.spans.size();
          bytes -= trace.bytes;
          removed[0]++;
          removed[1] += trace.spans.size();
          changed.add(traceId);
        }
      }
      Iterator<String> oldest = forgotten.iterator();
      while (forgotten.size() > MOST_FORGOTTEN) {
        oldest.next();
        oldest.remove();
      }
    }
    if (!changed.isEmpty()) {
      listener.accept(changed);
    }
    return removed;
  }

  /** Returns the traces, those that started last first. */
  List<TraceSummary> summaries() {
    List<TraceSummary> all;
    Map<String, List<RecentSpan>> changed = new LinkedHashMap<>();
    synchronized (this) {
      evictOld(clock.millis());
      all = new ArrayList<>(traces.size());
      traces.forEach(
          (id, trace) -> {
            if (trace.summary == null) {
              changed.put(id, List.copyOf(trace.spans.values()));
            } else {
              all.add(trace.summary);
            }
          });
    }
    // Without the lock, because after a start these are all traces, and spans arrive meanwhile.
    changed.forEach(
        (id, spans) -> {
          TraceSummary summary = TraceSummary.of(id, spans);
          all.add(summary);
          keep(id, spans, summary);
        });
    all.sort(TraceSummary.LATEST_FIRST);
    return all;
  }

  /** Keeps a summary, unless the trace has changed since. */
  private synchronized void keep(String id, List<RecentSpan> of, TraceSummary summary) {
    Trace trace = traces.get(id);
    if (trace != null && trace.summary == null && trace.has(of)) {
      trace.summary = summary;
    }
  }

  /** Returns a trace; null if it is not in the store. */
  synchronized @Nullable TraceSummary trace(String traceId) {
    evictOld(clock.millis());
    Trace trace = traces.get(traceId);
    return trace == null ? null : trace.summary(traceId);
  }

  public synchronized Stats stats() {
    evictOld(clock.millis());
    return new Stats(
        traces.size(), spans, bytes, maxBytes, evictedTraces, evictedSpans, refusedSpans);
  }

  private static final class Trace {
    final Map<String, RecentSpan> spans = new LinkedHashMap<>();

    /** The evaluations that came apart from their spans, by the key of the span. */
    final Map<String, Set<Evaluation>> late = new HashMap<>();

    long bytes;
    long lastArrivalMillis;
    @Nullable TraceSummary summary;

    /** Returns the span with the evaluations that came apart from it. */
    RecentSpan scored(RecentSpan span) {
      RecentSpan scored = span;
      for (Evaluation score : late.getOrDefault(span.key(), Set.of())) {
        if (!hasLater(scored, score)) {
          scored = scored.with(score);
        }
      }
      return scored;
    }

    void putIfAbsent(String key, RecentSpan span) {
      if (spans.putIfAbsent(key, span) == null) {
        bytes += span.bytes();
        summary = null;
      }
    }

    /** Whether these are the spans, the same objects in the same order. */
    boolean has(List<RecentSpan> others) {
      if (spans.size() != others.size()) {
        return false;
      }
      Iterator<RecentSpan> other = others.iterator();
      for (RecentSpan span : spans.values()) {
        if (span != other.next()) {
          return false;
        }
      }
      return true;
    }

    TraceSummary summary(String traceId) {
      TraceSummary known = summary;
      if (known == null) {
        known = TraceSummary.of(traceId, List.copyOf(spans.values()));
        summary = known;
      }
      return known;
    }
  }

  /** Builds a {@link RecentTraces}. */
  public static final class Builder {
    private int maxTraces = 20_000;
    private long maxBytes = Math.min(256L << 20, Heap.share(4));
    private Duration maxAge = Duration.ofHours(24);
    private InstantSource clock = InstantSource.system();

    Builder() {}

    /** The maximum number of traces. Default: 20,000. */
    public Builder maxTraces(int maxTraces) {
      this.maxTraces = maxTraces;
      return this;
    }

    /**
     * The maximum number of bytes, estimated. Default: 256 MiB, or a quarter of the heap if that is
     * less.
     */
    public Builder maxBytes(long maxBytes) {
      this.maxBytes = maxBytes;
      return this;
    }

    /** How long a trace is kept after its last span arrived. Default: 24 hours. */
    public Builder maxAge(Duration maxAge) {
      this.maxAge = requireNonNull(maxAge, "maxAge");
      return this;
    }

    /** The clock for {@link #maxAge}. Default: the system's. */
    public Builder clock(InstantSource clock) {
      this.clock = requireNonNull(clock, "clock");
      return this;
    }

    /**
     * @throws IllegalArgumentException if a limit is not positive
     */
    public RecentTraces build() {
      if (maxTraces < 1) {
        throw new IllegalArgumentException("maxTraces=" + maxTraces + ": must be positive");
      }
      if (maxBytes < 1) {
        throw new IllegalArgumentException("maxBytes=" + maxBytes + ": must be positive");
      }
      if (maxAge.isNegative() || maxAge.isZero()) {
        throw new IllegalArgumentException("maxAge=" + maxAge + ": must be positive");
      }
      return new RecentTraces(this);
    }
  }
}
