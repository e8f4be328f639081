package dev.tallyspan.collector.window;

import dev.tallyspan.collector.pipeline.Verdict.Rule;
import dev.tallyspan.semconv.TokenUsage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Joins spans that have a provider's id of the same answer. */
final class SameAnswers {

  /** An id on more spans than this is not a provider's id of an answer. */
  private static final int MOST_SPANS = 32;

  private final SpanTree tree;
  private final Calls calls;
  private final Suspicions suspicions;
  private final List<List<TraceSpan>> groups;

  SameAnswers(SpanTree tree, Calls calls, Suspicions suspicions) {
    this.tree = tree;
    this.calls = calls;
    this.suspicions = suspicions;
    this.groups = groups(calls);
  }

  /** Groups the calls by the id of their answer; leaves out groups of one span. */
  private static List<List<TraceSpan>> groups(Calls calls) {
    Map<String, List<TraceSpan>> byId = new LinkedHashMap<>();
    for (TraceSpan span : calls.spans()) {
      String id = span.facts().responseId();
      if (id != null) {
        byId.computeIfAbsent(id, first -> new ArrayList<>(2)).add(span);
      }
    }
    byId.values().removeIf(same -> same.size() < 2 || same.size() > MOST_SPANS);
    return List.copyOf(byId.values());
  }

  void join() {
    for (List<TraceSpan> same : groups) {
      // Nesting first: overlapping spans may then join only if they do not separate nested ones.
      joinAll(same, (a, b) -> tree.isNested(a, b) && mayBeOne(a, b));
      joinAll(same, SameAnswers::overlap);
      joinAll(same, SameAnswers::isPolled);
    }
  }

  private interface Relation {
    boolean holds(TraceSpan a, TraceSpan b);
  }

  private void joinAll(List<TraceSpan> same, Relation relation) {
    for (int i = 0; i < same.size(); i++) {
      for (int j = i + 1; j < same.size(); j++) {
        if (relation.holds(same.get(i), same.get(j))) {
          calls.join(same.get(i), same.get(j), Rule.SAME_ANSWER);
        }
      }
    }
  }

  /** A short id, which may be a number, identifies a call only together with the same tokens. */
  private static boolean mayBeOne(TraceSpan a, TraceSpan b) {
    return Likeness.hasUniqueAnswer(a)
        || a.facts().output() == b.facts().output()
        || a.facts().output() == TokenUsage.UNKNOWN
        || b.facts().output() == TokenUsage.UNKNOWN;
  }

  private static boolean overlap(TraceSpan a, TraceSpan b) {
    return Likeness.hasUniqueAnswer(a)
        && !a.facts().scope().equals(b.facts().scope())
        && Likeness.overlap(a, b);
  }

  /** A response that was requested by one span, and fetched by another. */
  private static boolean isPolled(TraceSpan a, TraceSpan b) {
    return Likeness.hasUniqueAnswer(a)
        && a.trace.equals(b.trace)
        && a.facts().hasTokens() != b.facts().hasTokens();
  }

  /** What was not joined may come from a cache, or be fetched again. */
  void doubt() {
    for (List<TraceSpan> same : groups) {
      if (Likeness.hasUniqueAnswer(same.get(0))) {
        List<TraceSpan> byStart =
            same.stream()
                .filter(calls::contains)
                .sorted(Comparator.comparingLong(span -> span.start))
                .toList();
        byStart.stream().skip(1).forEach(span -> suspicions.add(span, byStart.get(0)));
      }
    }
  }
}
