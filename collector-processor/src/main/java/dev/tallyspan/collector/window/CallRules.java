package dev.tallyspan.collector.window;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.pipeline.Verdict.Rule;
import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.KeyClass;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.span.Cost;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
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
 * tokens nearly agree, an answer that comes again, and spans that are alike but not connected,
 * because one is in another trace or its parent was not seen.
 *
 * Spans that were sent more than once count by their last state. Earlier states are not part of the
 * tree, so that nothing is compared with them.
 *
 * What has been forwarded, or was processed by another Tallyspan, stays as it is: if it is billed,
 * the other spans of its call are its duplicates.
 */
final class CallRules {

  /** An id on more spans than this is not a provider's id of an answer. */
  private static final int MOST_SPANS = 32;

  private static final int SERVER = 2;

  /** What the billed span takes over from the others of its call. */
  private static final Set<KeyClass> FILLED =
      EnumSet.of(KeyClass.CONTENT, KeyClass.IDENTITY, KeyClass.CALL);

  /** Orders the spans of one call; the greatest is the best one to bill. */
  private static final Comparator<TraceSpan> BILLS_BETTER =
      Comparator.<TraceSpan, Boolean>comparing(span -> !span.isOpen())
          .thenComparing(span -> span.facts().hasTokens())
          .thenComparing(span -> span.facts().status() != Cost.Status.UNPRICED)
          .thenComparing(span -> span.facts().detail())
          .thenComparing(span -> span.facts().fromProvidersSdk())
          .thenComparing(span -> span.facts().status() == Cost.Status.PROVIDER_REPORTED);

  /** The last states of all spans. */
  private final List<TraceSpan> spans;

  private final SpanTree tree;
  private final Calls calls;
  private final Suspicions suspicions = new Suspicions();

  private CallRules(List<TraceSpan> spans) {
    this.spans = spans;
    this.tree = new SpanTree(spans);
    this.calls = new Calls(spans.stream().filter(TraceSpan::isCall).toList(), tree);
  }

  /**
   * Decides about the spans of one or more traces, as far as they are still open. Those that were
   * forwarded serve as evidence.
   *
   * @param whole whether all spans of the traces are there, as far as they ever come
   */
  static void decide(Collection<TraceSpan> spans, boolean whole) {
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
    CallRules rules = new CallRules(lastStates(spans));
    if (calls) {
      List<List<TraceSpan>> sameAnswers = rules.groups();
      rules.sameAnswers(sameAnswers);
      new NestedCalls(rules.tree, rules.calls, rules.suspicions).join();
      rules.beside();
      rules.apart();
      rules.repeated(sameAnswers);
      rules.apply();
    }
    if (whole && aggregates) {
      rules.soleSources();
    }
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

  /* The same answer. */

  /** Groups the calls by the id of their answer; leaves out groups of one span. */
  private List<List<TraceSpan>> groups() {
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

  private void sameAnswers(List<List<TraceSpan>> groups) {
    for (List<TraceSpan> same : groups) {
      // Nesting first: overlapping spans may then join only if they do not separate nested ones.
      joinAll(same, (a, b) -> tree.isNested(a, b) && mayBeOne(a, b));
      joinAll(same, CallRules::overlap);
      joinAll(same, CallRules::isPolled);
    }
  }

  private void joinAll(List<TraceSpan> same, Pairing.Relation relation) {
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

  /** What remains of one answer may come from a cache, or be fetched again. */
  private void repeated(List<List<TraceSpan>> groups) {
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

  /* Spans under the same parent. */

  private record Parent(TraceId trace, long id) {}

  private void beside() {
    Map<Parent, List<TraceSpan>> byParent = new LinkedHashMap<>();
    for (TraceSpan span : calls.spans()) {
      if (span.parentId != 0) {
        byParent
            .computeIfAbsent(new Parent(span.trace, span.parentId), parent -> new ArrayList<>(2))
            .add(span);
      }
    }
    for (List<TraceSpan> siblings : byParent.values()) {
      Pairing.pair(
          siblings,
          (a, b) -> areBeside(a, b) && haveSameModel(a, b) && haveSameTokens(a, b),
          (outer, inner) -> calls.join(outer, inner, Rule.BESIDE));
      Pairing.pair(
          siblings,
          (a, b) -> areBeside(a, b) && haveSameModel(a, b) && isStreamOf(a, b),
          (outer, inner) -> calls.join(outer, inner, Rule.BESIDE));
      Pairing.pair(
          siblings,
          (a, b) ->
              areBeside(a, b)
                  && (haveSameTokens(a, b)
                      || haveSameModel(a, b)
                          && haveTokens(a, b)
                          && Likeness.nearlySameTokens(a, b)),
          suspicions::addTwins);
    }
  }

  private boolean areBeside(TraceSpan a, TraceSpan b) {
    return Likeness.isOneWithinOther(a, b) && Likeness.mayBeTwins(a, b) && areSeparate(a, b);
  }

  private static boolean haveSameModel(TraceSpan a, TraceSpan b) {
    return ModelNames.mayAgree(a.facts(), b.facts());
  }

  private static boolean haveSameTokens(TraceSpan a, TraceSpan b) {
    return haveTokens(a, b) && Likeness.sameTokens(a, b);
  }

  /** Whether each of two spans has no twin of the other's instrumentation yet. */
  private boolean areSeparate(TraceSpan a, TraceSpan b) {
    Calls.Call one = calls.of(a);
    Calls.Call other = calls.of(b);
    return !one.hasScope(b.facts().scope())
        && !other.hasScope(a.facts().scope())
        && calls.mayJoin(one, other);
  }

  private static boolean haveTokens(TraceSpan a, TraceSpan b) {
    return a.facts().hasTokens() && b.facts().hasTokens();
  }

  private static boolean isStreamOf(TraceSpan a, TraceSpan b) {
    return a.facts().hasTokens() != b.facts().hasTokens()
        && !a.facts().failed()
        && !b.facts().failed();
  }

  /* Spans that are alike, but not connected: never sure. */

  private void apart() {
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
      Pairing.pair(List.copyOf(spansAlike), this::mayBeApart, suspicions::addTwins);
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
        && areSeparate(a, b)
        && someHaveSameTokens(calls.of(a), calls.of(b));
  }

  private static boolean someHaveSameTokens(Calls.Call one, Calls.Call other) {
    for (TraceSpan a : one.spans().keySet()) {
      for (TraceSpan b : other.spans().keySet()) {
        if (haveSameTokens(a, b)) {
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

  /* Billing. */

  private void apply() {
    for (Calls.Call call : calls.distinct()) {
      TraceSpan best = best(call);
      call.spans()
          .forEach(
              (span, rule) -> {
                if (span != best && span.isOpen()) {
                  if (best.isOpen()) {
                    best.fillGaps(span, FILLED);
                  }
                  span.duplicateOf(best, rule);
                }
              });
    }
    suspicions.mark(span -> calls.contains(span) ? best(calls.of(span)) : span, BILLS_BETTER);
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
