package dev.tallyspan.collector.window;

import dev.tallyspan.collector.pipeline.Verdict.Rule;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Which spans describe one call. Not thread-safe. */
final class Calls {

  /** The spans of one call, and the rule by which each was joined. */
  static final class Call {
    private final Map<TraceSpan, Rule> spans = new LinkedHashMap<>();

    /** At least one. */
    Map<TraceSpan, Rule> spans() {
      return spans;
    }

    boolean hasScope(String scope) {
      for (TraceSpan span : spans.keySet()) {
        if (span.facts().scope().equals(scope)) {
          return true;
        }
      }
      return false;
    }
  }

  private final SpanTree tree;
  private final Map<TraceSpan, Call> calls = new LinkedHashMap<>();

  /** Each span is a call of its own, until they are joined. */
  Calls(Collection<TraceSpan> spans, SpanTree tree) {
    this.tree = tree;
    for (TraceSpan span : spans) {
      Call call = new Call();
      call.spans.put(span, Rule.AROUND);
      calls.put(span, call);
    }
  }

  Set<TraceSpan> spans() {
    return calls.keySet();
  }

  Set<Call> distinct() {
    return new LinkedHashSet<>(calls.values());
  }

  /** Whether several instrumentations recorded the calls. */
  boolean haveSeveralScopes() {
    String scope = null;
    for (TraceSpan span : calls.keySet()) {
      if (scope != null && !scope.equals(span.facts().scope())) {
        return true;
      }
      scope = span.facts().scope();
    }
    return false;
  }

  boolean contains(TraceSpan span) {
    return calls.containsKey(span);
  }

  Call of(TraceSpan span) {
    Call call = calls.get(span);
    if (call == null) {
      throw new IllegalArgumentException("not a call");
    }
    return call;
  }

  boolean areOne(TraceSpan a, TraceSpan b) {
    Call call = calls.get(a);
    return call != null && call == calls.get(b);
  }

  /** Removes a span that turned out not to be about one call. */
  void remove(TraceSpan span) {
    Call call = calls.remove(span);
    if (call != null) {
      call.spans.remove(span);
    }
  }

  /** Joins the calls of two spans, unless something shows that they are two. */
  void join(TraceSpan a, TraceSpan b, Rule rule) {
    Call one = calls.get(a);
    Call other = calls.get(b);
    if (one == null || other == null || !mayJoin(one, other)) {
      return;
    }
    one.spans.put(a, rule);
    other.spans.put(b, rule);
    one.spans.putAll(other.spans);
    other.spans.keySet().forEach(span -> calls.put(span, one));
  }

  /**
   * Whether two calls may be one: they have no different answers, and no two spans of one
   * instrumentation that are not nested.
   */
  boolean mayJoin(Call one, Call other) {
    if (one == other) {
      return false;
    }
    for (TraceSpan a : one.spans.keySet()) {
      for (TraceSpan b : other.spans.keySet()) {
        if (Likeness.answersDiffer(a, b) || areParallel(a, b)) {
          return false;
        }
      }
    }
    return true;
  }

  /** Whether two spans may be of one call, and neither has a twin of the other's scope yet. */
  boolean areSeparate(TraceSpan a, TraceSpan b) {
    Call one = of(a);
    Call other = of(b);
    if (one.spans.size() == 1 && other.spans.size() == 1) {
      return !a.facts().scope().equals(b.facts().scope()) && !Likeness.answersDiffer(a, b);
    }
    return !one.hasScope(b.facts().scope())
        && !other.hasScope(a.facts().scope())
        && mayJoin(one, other);
  }

  private boolean areParallel(TraceSpan a, TraceSpan b) {
    return a.facts().scope().equals(b.facts().scope())
        && a.facts().hasTokens()
        && b.facts().hasTokens()
        && !tree.isNested(a, b);
  }
}
