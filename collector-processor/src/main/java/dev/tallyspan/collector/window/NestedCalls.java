package dev.tallyspan.collector.window;

import dev.tallyspan.collector.pipeline.Verdict.Rule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Joins the span of a call with that of the same call inside it. */
final class NestedCalls {

  /** Deeper nesting is treated as if it was this deep. */
  private static final int MOST_DEPTH = 256;

  private final SpanTree tree;
  private final Calls calls;
  private final Suspicions suspicions;

  private final Map<TraceSpan, TraceSpan> outerOf = new HashMap<>();

  /** The spans that turned out to be sums, with the calls inside them. */
  private final Map<TraceSpan, List<TraceSpan>> sums = new HashMap<>();

  NestedCalls(SpanTree tree, Calls calls, Suspicions suspicions) {
    this.tree = tree;
    this.calls = calls;
    this.suspicions = suspicions;
  }

  /** From the inside out, because what turns out to be a sum is no longer a call inside another. */
  void join() {
    Map<TraceSpan, List<TraceSpan>> within = new LinkedHashMap<>();
    for (TraceSpan span : calls.spans()) {
      TraceSpan outer = outerCall(span);
      if (outer != null && outer.facts().kind().equals(span.facts().kind())) {
        outerOf.put(span, outer);
        within.computeIfAbsent(outer, first -> new ArrayList<>(2)).add(span);
      }
    }
    List<TraceSpan> outers = new ArrayList<>(within.keySet());
    if (outers.size() > 1) {
      Map<TraceSpan, Integer> depths = new HashMap<>();
      outers.forEach(outer -> depths.put(outer, depth(outer)));
      outers.sort(Comparator.comparing((TraceSpan outer) -> depths.get(outer)).reversed());
    }
    for (TraceSpan outer : outers) {
      List<TraceSpan> inner = new ArrayList<>(2);
      for (TraceSpan span : within.getOrDefault(outer, List.of())) {
        List<TraceSpan> summed = sums.get(span);
        if (summed == null) {
          inner.add(span);
        } else {
          inner.addAll(summed);
        }
      }
      inner.sort(Comparator.comparingLong(span -> span.end));
      if (isSum(outer, inner)) {
        sums.put(outer, inner);
        calls.remove(outer);
      }
    }
  }

  private int depth(TraceSpan span) {
    int depth = 0;
    TraceSpan outer = outerOf.get(span);
    while (outer != null && depth < MOST_DEPTH) {
      depth++;
      outer = outerOf.get(outer);
    }
    return depth;
  }

  /** Returns the call around this one; null if there is none, or a step of an agent between. */
  private @Nullable TraceSpan outerCall(TraceSpan span) {
    TraceSpan[] found = {null};
    tree.ancestors(
        span,
        ancestor -> {
          if (ancestor.facts != null && calls.contains(ancestor)) {
            found[0] = ancestor;
            return false;
          }
          return ancestor.facts == null || !ancestor.facts.isStep();
        });
    return found[0];
  }

  /**
   * Joins a span with the calls inside it that are the same call.
   *
   * @return whether it is a sum of the calls inside it, and not about a call
   */
  private boolean isSum(TraceSpan outer, List<TraceSpan> inner) {
    List<TraceSpan> counted = counted(outer, inner);
    boolean hasTwin = inner.stream().anyMatch(span -> calls.areOne(outer, span));
    if (counted.isEmpty()) {
      withoutTokens(outer, inner);
      return false;
    }
    if (!outer.facts().hasTokens()) {
      if (counted.size() == 1) {
        calls.join(outer, counted.get(0), Rule.WRAPPER);
        return false;
      }
      boolean another = counted.stream().allMatch(span -> Likeness.answersDiffer(outer, span));
      return !hasTwin && !another && aggregate(outer, Rule.WRAPPER);
    }
    List<TraceSpan> same =
        counted.stream()
            .filter(
                span ->
                    !Likeness.answersDiffer(outer, span) && Likeness.nearlySameTokens(outer, span))
            .toList();
    if (hasTwin && same.stream().anyMatch(span -> calls.areOne(outer, span))) {
      return false;
    }
    if (counted.size() > 1 && same.isEmpty() && Likeness.isSum(outer, counted)) {
      return aggregate(outer, Rule.SUM);
    }
    if (hasTwin) {
      if (counted.stream().allMatch(span -> Likeness.mayContain(outer, span))) {
        suspect(outer, counted);
      }
      return false;
    }
    if (same.isEmpty()) {
      streamed(outer, inner);
      suspect(outer, counted);
    } else {
      calls.join(outer, mostAlike(outer, same), Rule.AROUND);
    }
    return false;
  }

  /** Returns a span with tokens of each call inside, in the order of the spans inside. */
  private List<TraceSpan> counted(TraceSpan outer, List<TraceSpan> inner) {
    List<TraceSpan> counted = new ArrayList<>(inner.size());
    Set<Calls.Call> seen = new HashSet<>();
    for (TraceSpan span : inner) {
      TraceSpan withTokens = calls.areOne(outer, span) ? span : withTokens(span);
      if (withTokens.facts().hasTokens() && seen.add(calls.of(span))) {
        counted.add(withTokens);
      }
    }
    return counted;
  }

  private static boolean aggregate(TraceSpan outer, Rule rule) {
    if (outer.isOpen()) {
      outer.aggregate(rule);
      return true;
    }
    return false;
  }

  /** No call inside has tokens: those that were answered are the call, or else the last one. */
  private void withoutTokens(TraceSpan outer, List<TraceSpan> inner) {
    List<TraceSpan> answered = inner.stream().filter(span -> !span.facts().failed()).toList();
    List<TraceSpan> candidates =
        answered.isEmpty() ? inner.subList(inner.size() - 1, inner.size()) : answered;
    if (outer.facts().hasTokens() || candidates.size() == 1) {
      candidates.forEach(span -> calls.join(outer, span, Rule.AROUND));
    }
  }

  /** Returns the span; if it has no tokens, one of the same call that has. */
  private TraceSpan withTokens(TraceSpan span) {
    if (!span.facts().hasTokens()) {
      for (TraceSpan other : calls.of(span).spans().keySet()) {
        if (other.facts().hasTokens()) {
          return other;
        }
      }
    }
    return span;
  }

  /** The tokens are not those of a call inside: so they are of one inside that has no tokens. */
  private void streamed(TraceSpan outer, List<TraceSpan> inner) {
    for (int i = inner.size() - 1; i >= 0; i--) {
      TraceSpan span = inner.get(i);
      if (!withTokens(span).facts().hasTokens()
          && !span.facts().failed()
          && !Likeness.answersDiffer(outer, span)
          && Likeness.mayHaveSameModel(outer, span)) {
        calls.join(outer, span, Rule.AROUND);
        return;
      }
    }
  }

  /** Prefers the same model, then the same counts, then the last one, which succeeded. */
  private static TraceSpan mostAlike(TraceSpan outer, List<TraceSpan> inner) {
    return inner.stream()
        .max(
            Comparator.<TraceSpan, Boolean>comparing(span -> Likeness.mayHaveSameModel(outer, span))
                .thenComparing(span -> Likeness.sameTokens(outer, span))
                .thenComparing(span -> span.end))
        .orElseThrow();
  }

  /**
   * A span with the id of one answer may still be the sum of several, of which not all were seen.
   */
  private void suspect(TraceSpan outer, List<TraceSpan> counted) {
    for (int i = counted.size() - 1; i >= 0; i--) {
      TraceSpan inner = counted.get(i);
      if (!calls.areOne(outer, inner)
          && (!Likeness.answersDiffer(outer, inner) || Likeness.mayContain(outer, inner))
          && Likeness.mayHaveSameModel(outer, inner)) {
        suspicions.add(outer, inner);
        return;
      }
    }
  }
}
