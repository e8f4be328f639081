package dev.tallyspan.collector.window;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds spans that are alike but not connected, because they are in different traces, or because
 * the spans between them were not seen. Nothing proves that they are of one call.
 */
final class ApartCalls {

  private final SpanTree tree;
  private final Calls calls;
  private final Suspicions suspicions;

  ApartCalls(SpanTree tree, Calls calls, Suspicions suspicions) {
    this.tree = tree;
    this.calls = calls;
    this.suspicions = suspicions;
  }

  void doubt() {
    Map<Long, Set<TraceSpan>> alike = new LinkedHashMap<>();
    for (Calls.Call call : calls.distinct()) {
      TraceSpan outermost = outermost(call);
      for (TraceSpan span : call.spans().keySet()) {
        SpanFacts facts = span.facts();
        if (facts.hasTokens()) {
          add(facts.output(), outermost, alike);
          if (facts.reasoning() > 0) { // which the other may leave out
            add(facts.output() - facts.reasoning(), outermost, alike);
          }
        }
      }
    }
    for (Set<TraceSpan> spansAlike : alike.values()) {
      Pairing.pair(
          List.copyOf(spansAlike),
          (a, b) -> mayBeApart(a, b) ? 1 : 0,
          (a, b, level) -> suspicions.addTwins(a, b));
    }
  }

  private static void add(long output, TraceSpan span, Map<Long, Set<TraceSpan>> alike) {
    alike.computeIfAbsent(output, first -> new LinkedHashSet<>(2)).add(span);
  }

  private TraceSpan outermost(Calls.Call call) {
    TraceSpan outermost = null;
    for (TraceSpan span : call.spans().keySet()) {
      if (outermost == null || tree.isWithin(outermost, span)) {
        outermost = span;
      }
    }
    return requireNonNull(outermost);
  }

  private boolean mayBeApart(TraceSpan a, TraceSpan b) {
    return (a.trace.equals(b.trace) ? mayBeCutOff(a, b) : mayBeAcross(a, b))
        && Likeness.isOneWithinOther(a, b)
        && Likeness.mayBeTwins(a, b)
        && calls.areSeparate(a, b)
        && someAgree(calls.of(a), calls.of(b));
  }

  private static boolean someAgree(Calls.Call one, Calls.Call other) {
    for (TraceSpan a : one.spans().keySet()) {
      for (TraceSpan b : other.spans().keySet()) {
        if (Likeness.haveTokens(a, b) && Likeness.sameTokens(a, b)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean mayBeAcross(TraceSpan a, TraceSpan b) {
    return (a.parentId == 0 || b.parentId == 0) && a.facts().service().equals(b.facts().service());
  }

  /** Whether, of the spans that connect one span with the other, some were not seen. */
  private boolean mayBeCutOff(TraceSpan a, TraceSpan b) {
    TraceSpan topOfA = top(a);
    TraceSpan topOfB = top(b);
    return topOfA != topOfB && topOfA.parentId != topOfB.parentId;
  }

  private TraceSpan top(TraceSpan span) {
    TraceSpan[] top = {span};
    tree.ancestors(
        span,
        ancestor -> {
          top[0] = ancestor;
          return true;
        });
    return top[0];
  }
}
