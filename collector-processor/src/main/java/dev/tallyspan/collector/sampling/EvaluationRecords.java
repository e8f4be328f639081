package dev.tallyspan.collector.sampling;

import dev.tallyspan.collector.pipeline.EvaluationTarget;
import dev.tallyspan.semconv.Evaluation;
import dev.tallyspan.semconv.LogView;
import dev.tallyspan.semconv.read.Evaluations;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The results of evaluations that came as log records, until sampling has decided about their
 * traces. Those that came first are forgotten first. Thread-safe.
 */
public final class EvaluationRecords {

  /** Longer than a trace waits for its spans. */
  private static final long MAX_AGE_MILLIS = Duration.ofMinutes(10).toMillis();

  private static final int MOST_TRACES = 1 << 15;
  private static final int MOST_OF_TRACE = 64;

  private static final EvaluationRecords NONE = new EvaluationRecords(InstantSource.system());

  private record Kept(long since, List<Evaluation> evaluations) {}

  private final InstantSource clock;

  /**
   * By the id of a trace, of a span if its trace is not known, or of a response. Guarded by this.
   */
  private final Map<String, Kept> kept = new LinkedHashMap<>();

  public EvaluationRecords(InstantSource clock) {
    this.clock = clock;
  }

  /** Returns one that nothing is added to. */
  static EvaluationRecords none() {
    return NONE;
  }

  /** Keeps a result, without its explanation; ignores other records. */
  public void keep(LogView log) {
    Evaluation found = Evaluations.of(log);
    if (found == null || found.value() == null && found.label() == null) {
      return;
    }
    String target = EvaluationTarget.of(log.traceId(), log.spanId(), found.responseId());
    if (target.isEmpty()) {
      return;
    }
    long now = clock.millis();
    synchronized (this) {
      forgetOld(now);
      List<Evaluation> of =
          kept.computeIfAbsent(target, key -> new Kept(now, new ArrayList<>(1))).evaluations;
      of.removeIf(found::isStateOf);
      if (of.size() < MOST_OF_TRACE) {
        of.add(
            new Evaluation(
                found.id(),
                found.name(),
                found.value(),
                found.label(),
                null,
                null,
                null,
                found.source(),
                0));
      }
    }
  }

  List<Evaluation> ofTrace(String traceId) {
    return of(traceId);
  }

  private synchronized List<Evaluation> of(String target) {
    Kept found = kept.get(target);
    return found == null ? List.of() : List.copyOf(found.evaluations);
  }

  /** Returns the results that name the span alone, without its trace. */
  List<Evaluation> ofSpan(String spanId) {
    return spanId.isEmpty() ? List.of() : of(EvaluationTarget.span(spanId));
  }

  List<Evaluation> ofResponse(@Nullable String responseId) {
    return responseId == null ? List.of() : of(EvaluationTarget.response(responseId));
  }

  private void forgetOld(long now) {
    Iterator<Kept> eldest = kept.values().iterator();
    while (eldest.hasNext()) {
      long since = eldest.next().since;
      if (kept.size() < MOST_TRACES && now - since <= MAX_AGE_MILLIS) {
        return;
      }
      eldest.remove();
    }
  }
}
