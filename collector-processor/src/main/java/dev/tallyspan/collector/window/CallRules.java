package dev.tallyspan.collector.window;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.pipeline.Verdict.Rule;
import dev.tallyspan.collector.wire.TraceId;
import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.KeyClass;
import dev.tallyspan.semconv.span.Cost;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/*
 * Decides which span bills each call.
 *
 * Several spans may describe one call: that of a framework, that of the client library that the
 * framework uses, that of a gateway, that of the server. Each of them is complete, and each of them
 * alone would be billed. What tells them from calls of their own was learned from recordings of real
 * instrumentations:
 *
 *  - Two spans of one call are written by different instrumentations: their scopes differ. Parallel
 *    calls with equal tokens share their scope. So two spans of one scope are never joined, directly
 *    or by a third span, unless one is within the other.
 *  - A provider's id of an answer is unique. Where both spans have one, it decides both ways. But a
 *    gateway may serve an answer from its cache with the same id, and local servers number their
 *    answers, so the spans must also be nested or overlap in time, and be of different scopes. Ids
 *    that differ prove two calls only if both say what they identify, as in chatcmpl-…: a framework
 *    may give its own run's id.
 *  - Otherwise, most spans of one call are nested: the client's is within the framework's. A span of
 *    a call that contains the span of one other call of the same kind is about that call, if the
 *    tokens agree. Model names need not agree: one side knows what was requested, the other what
 *    answered. Token counts are compared after the cache semantics have been settled, and in the
 *    ways in which they are commonly wrong: cache tokens or reasoning left out. If several calls
 *    inside agree, the one is meant that has the same model, equal counts, and ended last.
 *  - Nesting is judged from the inside out: a span that turns out to be the sum of the calls inside
 *    it is not a call, and the span around it is compared with those calls instead.
 *  - Some frameworks end their span next to the client's, with the same parent. Then the client's
 *    interval is inside the framework's, and tokens and models agree. Parallel calls are paired so
 *    that as many as possible have a partner; which of equal ones it is does not change the sum. A
 *    streamed client without usage is paired last, with what is left.
 *  - Tools, agents and workflows are never part of a call. A call inside a tool inside a call is a
 *    call of its own.
 *  - Sums are recognised by kind, not by arithmetic, because frameworks sum in different ways. Only
 *    the span of a call around several others may be their sum by its tokens.
 *
 * Of the spans of one call, the one with more proven detail is billed, because cache reads and
 * lifetimes change the price. Among equals it is the inner one, which is closer to the provider; but
 * a client's rather than that of a server it called.
 *
 * Where no rule is sure, all are billed, and the one that would have been the duplicate says so: a
 * call around others that is neither one of them nor their sum, spans next to each other whose
 * tokens nearly agree or whose models differ, an answer that comes again, and spans that are alike
 * but not connected, because one is in another trace or a span between them was not seen. So what is
 * billed too much is marked, as long as the two spans have a count in common. Two things are beyond
 * these rules: of parallel calls with equal tokens, where each lost the span of another
 * instrumentation beside it, two may be taken for one; and so may a call of another model inside
 * a call whose own client was not seen, if their counts happen to be nearly equal.
 *
 * Spans that were sent more than once count by their last state. Earlier states are not part of the
 * tree, so that nothing is compared with them.
 *
 * What has been forwarded stays as it is: if it is billed, the other spans of its call are its
 * duplicates. What another Tallyspan billed before, in the application or in a collector that saw
 * less of the trace, is preferred, because others may have counted it. If it billed several spans of
 * one call, all but one are withdrawn, unless it found twins in the trace itself; none is priced
 * again.
 */
final class CallRules {

  private static final int SERVER = 2;

  /** Orders the spans of one call; the greatest is the best one to bill. */
  private static final Comparator<TraceSpan> BILLS_BETTER =
      Comparator.<TraceSpan, Boolean>comparing(TraceSpan::isDecided)
          .thenComparing(span -> span.facts().processed())
          .thenComparing(span -> span.facts().hasTokens())
          .thenComparing(span -> span.facts().status() != Cost.Status.UNPRICED)
          .thenComparing(span -> span.facts().detail())
          .thenComparing(span -> span.facts().fromProvidersSdk())
          .thenComparing(span -> span.facts().status() == Cost.Status.PROVIDER_REPORTED);

  private final Set<KeyClass> filled;

  /** The last states of all spans. */
  private final List<TraceSpan> spans;

  private final SpanTree tree;
  private final Calls calls;
  private final Suspicions suspicions = new Suspicions();

  private CallRules(List<TraceSpan> spans, Set<KeyClass> filled) {
    this.filled = filled;
    this.spans = spans;
    this.tree = new SpanTree(spans);
    this.calls = new Calls(spans.stream().filter(TraceSpan::isCall).toList(), tree);
  }

  /**
   * Decides about the spans of one or more traces, as far as they are still open. Those that were
   * forwarded serve as evidence.
   *
   * @param whole whether all spans of the traces are there, as far as they ever come
   * @param filled what the billed span takes over from the others of its call
   */
  static void decide(Collection<TraceSpan> spans, boolean whole, Set<KeyClass> filled) {
    int open = 0;
    int billed = 0;
    boolean aggregates = false;
    for (TraceSpan span : spans) {
      billed += span.isCall() ? 1 : 0;
      open += span.isCall() && span.isOpen() ? 1 : 0;
      aggregates |= span.isOpen() && span.facts().billing() == Billing.AGGREGATE;
    }
    boolean calls = open > 0 && billed > 1;
    if (!calls && !(whole && aggregates)) {
      return;
    }
    CallRules rules = new CallRules(lastStates(spans), filled);
    if (calls) {
      rules.calls();
    }
    if (whole && aggregates) {
      rules.soleSources();
    }
  }

  private void calls() {
    SameAnswers sameAnswers = new SameAnswers(tree, calls, suspicions);
    sameAnswers.join();
    new NestedCalls(tree, calls, suspicions).join();
    if (calls.haveSeveralScopes()) {
      new BesideCalls(calls, suspicions).join();
      new ApartCalls(tree, calls, suspicions).doubt();
    }
    sameAnswers.doubt();
    apply();
  }

  /* The same span, sent more than once. */

  private static List<TraceSpan> lastStates(Collection<TraceSpan> spans) {
    Map<TraceSpan, TraceSpan> earlier = SpanStates.earlier(spans);
    List<TraceSpan> last = new ArrayList<>(spans.size());
    for (TraceSpan span : spans) {
      TraceSpan of = earlier.get(span);
      if (of == null) {
        last.add(span);
      } else if (span.isCall() && span.isOpen()) {
        span.duplicateOf(of, Rule.SAME_SPAN);
      }
    }
    return last;
  }

  /* Billing. */

  private void apply() {
    Set<TraceId> decidedBefore = decidedBefore();
    Map<TraceSpan, TraceSpan> billing = new HashMap<>();
    for (Calls.Call call : calls.distinct()) {
      TraceSpan best = best(call);
      call.spans().keySet().forEach(span -> billing.put(span, best));
      call.spans()
          .forEach(
              (span, rule) -> {
                if (span != best
                    && span.isOpen()
                    && !(span.facts().processed() && decidedBefore.contains(span.trace))) {
                  if (best.isOpen()) {
                    best.fillGaps(span, filled);
                  }
                  span.duplicateOf(best, rule);
                }
              });
    }
    suspicions.mark(billing, BILLS_BETTER);
  }

  /**
   * Returns the traces in which twins were found, or suspected, when they were processed before.
   * Who bills there is settled, because not all that was known then can be seen now.
   */
  private Set<TraceId> decidedBefore() {
    Set<TraceId> traces = new HashSet<>();
    for (TraceSpan span : spans) {
      if (span.facts != null
          && span.facts.processed()
          && (span.facts.doubted()
              || !span.forwarded && span.facts.billing() == Billing.DUPLICATE)) {
        traces.add(span.trace);
      }
    }
    return traces;
  }

  private TraceSpan best(Calls.Call call) {
    TraceSpan best = null;
    for (TraceSpan span : call.spans().keySet()) {
      int better = best == null ? 1 : BILLS_BETTER.compare(span, best);
      if (best == null || better > 0 || better == 0 && isCloser(span, best)) {
        best = span;
      }
    }
    return requireNonNull(best);
  }

  /** Whether a span is closer to the provider, but still on the side of the client. */
  private boolean isCloser(TraceSpan span, TraceSpan other) {
    if ((span.kind == SERVER) != (other.kind == SERVER)) {
      return other.kind == SERVER;
    }
    boolean inner = tree.isWithin(span, other);
    boolean outer = tree.isWithin(other, span);
    if (inner || outer) {
      return inner;
    }
    return span.end - span.start < other.end - other.start;
  }

  /* Sums without spans of what they sum. */

  private void soleSources() {
    Set<TraceSpan> covered = new HashSet<>();
    for (TraceSpan span : spans) {
      if (span.facts != null && span.facts.hasTokens() || span.isCall()) {
        tree.ancestors(span, covered::add);
      }
    }
    for (TraceSpan span : spans) {
      if (span.isOpen()
          && span.facts().billing() == Billing.AGGREGATE
          && span.facts().hasTokens()
          && !covered.contains(span)) {
        span.call(Rule.SOLE_SOURCE);
      }
    }
  }
}
