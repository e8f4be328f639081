package dev.tallyspan.collector.window;

import dev.tallyspan.collector.pipeline.Verdict.Rule;
import dev.tallyspan.collector.wire.TraceId;
import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.KeyClass;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.span.Cost;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

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
 *    answers, so the spans must also be nested or overlap in time, and be of different scopes.
 *  - Otherwise, most spans of one call are nested: the client's is within the framework's. A span of
 *    a call that contains the span of one other call of the same kind is about that call, if the
 *    tokens agree. Model names need not agree: one side knows what was requested, the other what
 *    answered. Token counts are compared after the cache semantics have been settled, and in the
 *    ways in which they are commonly wrong: cache tokens or reasoning left out.
 *  - Some frameworks end their span next to the client's, with the same parent. Then the client's
 *    interval is inside the framework's, and tokens and models agree.
 *  - Tools, agents and workflows are never part of a call. A call inside a tool inside a call is a
 *    call of its own.
 *  - Sums are recognised by kind, not by arithmetic, because frameworks sum in different ways. Only
 *    the span of a call around several others may be their sum by its tokens.
 *
 * Of the spans of one call, the one with more proven detail is billed, because cache reads and
 * lifetimes change the price. Among equals it is the inner one, which is closer to the provider; but
 * a client's rather than that of a server it called.
 *
 * Where no rule is sure, all are billed, and the one that would have been the duplicate says so.
 *
 * What has been forwarded, or was processed by another Tallyspan, stays as it is: if it is billed,
 * the other spans of its call are its duplicates.
 */
final class CallRules {

  /** An id on more spans than this is not a provider's id of an answer. */
  private static final int MOST_SPANS = 32;

  /** Local servers number their answers: {@code chatcmpl-123}. */
  private static final int LEAST_ID_LENGTH = 16;

  /** More calls under one parent are not compared with each other. */
  private static final int MOST_SIBLINGS = 256;

  /** Instrumentations round times to milliseconds. */
  private static final long TOLERANCE_NANOS = 2_000_000;

  private static final int SERVER = 2;

  /** Orders the states of one span; the last one is the greatest. */
  private static final Comparator<TraceSpan> MORE_FINAL =
      Comparator.<TraceSpan, Boolean>comparing(span -> facts(span).processed())
          .thenComparing(span -> facts(span).hasTokens())
          .thenComparing(span -> span.forwarded)
          .thenComparing(span -> span.end)
          .thenComparing(span -> facts(span).output())
          .thenComparing(span -> facts(span).input());

  /** Orders the spans of one call; the greatest is the best one to bill. */
  private static final Comparator<TraceSpan> BILLS_BETTER =
      Comparator.<TraceSpan, Boolean>comparing(TraceSpan::isDecided)
          .thenComparing(span -> facts(span).hasTokens())
          .thenComparing(span -> facts(span).status() != Cost.Status.UNPRICED)
          .thenComparing(span -> facts(span).detail())
          .thenComparing(span -> facts(span).fromProvidersSdk())
          .thenComparing(span -> facts(span).status() == Cost.Status.PROVIDER_REPORTED);

  /** The spans of one call, and the rule by which each was joined. */
  private static final class Call {
    private final Map<TraceSpan, Rule> spans = new LinkedHashMap<>();
  }

  private final Set<KeyClass> filled;
  private final SpanTree tree;
  private final List<TraceSpan> spans;
  private final Map<TraceSpan, Call> calls = new LinkedHashMap<>();

  private CallRules(Collection<TraceSpan> spans, Set<KeyClass> filled) {
    this.filled = filled;
    this.spans = List.copyOf(spans);
    this.tree = new SpanTree(spans);
  }

  /**
   * Decides about the spans of one or more traces, as far as they are still open. Those that were
   * forwarded serve as evidence.
   *
   * @param whole whether all spans of the traces are there, as far as they ever come
   * @param filled what the billed span takes over from the others of its call
   */
  static void decide(Collection<TraceSpan> spans, boolean whole, Set<KeyClass> filled) {
    CallRules rules = new CallRules(spans, filled);
    int open = 0;
    int billed = 0;
    boolean aggregates = false;
    for (TraceSpan span : spans) {
      billed += span.isCall() ? 1 : 0;
      open += span.isCall() && span.isOpen() ? 1 : 0;
      aggregates |= span.isOpen() && facts(span).billing() == Billing.AGGREGATE;
    }
    if (open > 0 && billed > 1) {
      rules.sameSpans();
      rules.start();
      rules.sameAnswers();
      rules.around();
      rules.beside();
      rules.inOtherTraces();
      rules.apply();
    }
    if (whole && aggregates) {
      rules.soleSources();
    }
  }

  /* The same span, sent more than once: as a snapshot, or again after a lost response. */

  private void sameSpans() {
    for (List<TraceSpan> same : groups(span -> span.id == 0 ? null : span.nameFrom(NO_TRACE))) {
      TraceSpan last = same.stream().max(MORE_FINAL).orElseThrow();
      for (TraceSpan span : same) {
        if (span != last && span.isOpen() && isSnapshot(span, last)) {
          span.duplicateOf(last, Rule.SAME_SPAN);
        }
      }
    }
  }

  private static final TraceId NO_TRACE = new TraceId(0, 0);

  /** A span has one start and one answer; spans that differ in them share an id by mistake. */
  private static boolean isSnapshot(TraceSpan span, TraceSpan last) {
    String own = facts(span).responseId();
    String lasts = facts(last).responseId();
    return (span.start == last.start || span.start == 0 || last.start == 0)
        && (own == null || lasts == null || own.equals(lasts));
  }

  private void start() {
    for (TraceSpan span : spans) {
      if (span.isCall()) {
        Call call = new Call();
        call.spans.put(span, Rule.AROUND);
        calls.put(span, call);
      }
    }
  }

  /* The same answer. */

  private void sameAnswers() {
    for (List<TraceSpan> same : groups(span -> facts(span).responseId())) {
      if (same.size() > MOST_SPANS) {
        continue;
      }
      // Nesting first: overlapping spans may then join only if they do not separate nested ones.
      joinAll(same, (a, b) -> tree.isNested(a, b) && mayBeOne(a, b));
      joinAll(same, CallRules::overlap);
      joinAll(same, CallRules::isPolled);
    }
  }

  private interface Relation {
    boolean holds(TraceSpan a, TraceSpan b);
  }

  private void joinAll(List<TraceSpan> same, Relation relation) {
    for (int i = 0; i < same.size(); i++) {
      for (int j = i + 1; j < same.size(); j++) {
        if (relation.holds(same.get(i), same.get(j))) {
          join(same.get(i), same.get(j), Rule.SAME_ANSWER);
        }
      }
    }
  }

  /** A short id, which may be a number, identifies a call only together with the same tokens. */
  private static boolean mayBeOne(TraceSpan a, TraceSpan b) {
    return isUnique(a)
        || facts(a).output() == facts(b).output()
        || facts(a).output() == TokenUsage.UNKNOWN
        || facts(b).output() == TokenUsage.UNKNOWN;
  }

  private static boolean overlap(TraceSpan a, TraceSpan b) {
    return isUnique(a)
        && !facts(a).scope().equals(facts(b).scope())
        && a.start != 0
        && b.start != 0
        && a.start <= b.end
        && b.start <= a.end;
  }

  /** A response that was requested by one span, and fetched by another. */
  private static boolean isPolled(TraceSpan a, TraceSpan b) {
    return isUnique(a) && a.trace.equals(b.trace) && facts(a).hasTokens() != facts(b).hasTokens();
  }

  private static boolean isUnique(TraceSpan span) {
    String id = facts(span).responseId();
    return id != null && id.length() >= LEAST_ID_LENGTH;
  }

  /** Whether both spans have ids of the same kind, and they differ. */
  private static boolean answersDiffer(TraceSpan a, TraceSpan b) {
    String id = facts(a).responseId();
    String other = facts(b).responseId();
    return id != null && other != null && !id.equals(other) && prefix(id).equals(prefix(other));
  }

  /** {@code chatcmpl} of {@code chatcmpl-123}, {@code msg} of {@code msg_123}. */
  private static String prefix(String id) {
    for (int i = 0; i < id.length(); i++) {
      if (!Character.isLetter(id.charAt(i))) {
        return id.substring(0, i);
      }
    }
    return "";
  }

  /* Nested spans. */

  private void around() {
    Map<TraceSpan, List<TraceSpan>> within = new LinkedHashMap<>();
    for (TraceSpan span : calls.keySet()) {
      TraceSpan outer = outerCall(span);
      if (outer != null && kindOf(outer).equals(kindOf(span))) {
        within.computeIfAbsent(outer, first -> new ArrayList<>(2)).add(span);
      }
    }
    within.forEach(
        (outer, inner) -> {
          inner.sort(Comparator.comparingLong(span -> span.end));
          around(outer, inner);
        });
  }

  private static String kindOf(TraceSpan span) {
    return facts(span).kind();
  }

  /** Returns the call around this one; null if there is none, or a step of an agent between. */
  private @Nullable TraceSpan outerCall(TraceSpan span) {
    TraceSpan[] found = {null};
    tree.ancestors(
        span,
        ancestor -> {
          if (ancestor.facts != null && calls.containsKey(ancestor)) {
            found[0] = ancestor;
            return false;
          }
          return ancestor.facts == null || !ancestor.facts.isStep();
        });
    return found[0];
  }

  private void around(TraceSpan outer, List<TraceSpan> inner) {
    List<TraceSpan> counted = inner.stream().filter(span -> facts(span).hasTokens()).toList();
    if (!facts(outer).hasTokens()) {
      if (counted.isEmpty()) {
        joinIfOne(outer, inner);
      } else if (counted.size() == 1) {
        join(outer, counted.get(0), Rule.WRAPPER);
      } else if (outer.isOpen()) {
        outer.aggregate(Rule.WRAPPER);
        calls.remove(outer);
      }
      return;
    }
    if (counted.isEmpty()) {
      inner.forEach(span -> join(outer, span, Rule.AROUND));
      return;
    }
    if (inner.stream().anyMatch(span -> calls.get(span) == calls.get(outer))) {
      return;
    }
    List<TraceSpan> same =
        counted.stream()
            .filter(span -> !answersDiffer(outer, span) && tokensAgree(outer, span))
            .toList();
    if (!same.isEmpty()) {
      join(outer, same.get(same.size() - 1), Rule.AROUND);
    } else if (counted.size() > 1 && isSum(outer, counted)) {
      if (outer.isOpen()) {
        outer.aggregate(Rule.SUM);
        calls.remove(outer);
      }
    } else {
      TraceSpan last = counted.get(counted.size() - 1);
      if (ModelNames.mayAgree(facts(outer), facts(last))) {
        mayBe(outer, last);
      }
    }
  }

  private void joinIfOne(TraceSpan outer, List<TraceSpan> inner) {
    if (inner.size() == 1) {
      join(outer, inner.get(0), Rule.AROUND);
    }
  }

  private static boolean isSum(TraceSpan outer, List<TraceSpan> inner) {
    long input = 0;
    long output = 0;
    for (TraceSpan span : inner) {
      input += Math.max(0, facts(span).input());
      output += Math.max(0, facts(span).output());
    }
    return near(facts(outer).input(), input) && near(facts(outer).output(), output);
  }

  /** Counts of two instrumentations may differ slightly, as in streams. */
  private static boolean near(long count, long other) {
    return Math.abs(count - other) <= Math.max(2, Math.max(count, other) / 100);
  }

  private static boolean tokensAgree(TraceSpan a, TraceSpan b) {
    return tokensAgree(facts(a), facts(b), CallRules::near);
  }

  private interface Equality {
    boolean of(long count, long other);
  }

  private static boolean tokensAgree(SpanFacts a, SpanFacts b, Equality equality) {
    long cachedA = a.cacheRead() + a.cacheWrite();
    long cachedB = b.cacheRead() + b.cacheWrite();
    boolean inputs =
        a.input() == TokenUsage.UNKNOWN
            || b.input() == TokenUsage.UNKNOWN
            || equality.of(a.input(), b.input())
            || equality.of(a.input() + cachedA, b.input())
            || equality.of(a.input(), b.input() + cachedB)
            || equality.of(a.input() - cachedA, b.input())
            || equality.of(a.input(), b.input() - cachedB);
    boolean outputs =
        a.output() == TokenUsage.UNKNOWN
            || b.output() == TokenUsage.UNKNOWN
            || equality.of(a.output(), b.output())
            || equality.of(a.output() + a.reasoning(), b.output())
            || equality.of(a.output(), b.output() + b.reasoning());
    return inputs && outputs;
  }

  /* Spans under the same parent. */

  private record Parent(TraceId trace, long id) {}

  private void beside() {
    Map<Parent, List<TraceSpan>> byParent = new HashMap<>();
    for (TraceSpan span : spans) {
      if (calls.containsKey(span) && span.parentId != 0 && facts(span).hasTokens()) {
        byParent
            .computeIfAbsent(new Parent(span.trace, span.parentId), parent -> new ArrayList<>(2))
            .add(span);
      }
    }
    for (List<TraceSpan> siblings : byParent.values()) {
      if (siblings.size() > 1 && siblings.size() <= MOST_SIBLINGS) {
        pair(siblings, this::areBeside, (outer, inner) -> join(outer, inner, Rule.BESIDE));
      }
    }
  }

  private boolean areBeside(TraceSpan outer, TraceSpan inner) {
    return isWithinTime(inner, outer, TOLERANCE_NANOS) && mayBeTwins(outer, inner);
  }

  private boolean mayBeTwins(TraceSpan outer, TraceSpan inner) {
    SpanFacts a = facts(outer);
    SpanFacts b = facts(inner);
    return !a.scope().equals(b.scope())
        && a.kind().equals(b.kind())
        && !answersDiffer(outer, inner)
        && tokensAgree(a, b, (count, other) -> count == other)
        && ModelNames.mayAgree(a, b)
        && calls.get(outer) != calls.get(inner);
  }

  private static boolean isWithinTime(TraceSpan inner, TraceSpan outer, long tolerance) {
    return inner.start != 0
        && outer.start != 0
        && inner.start >= outer.start - tolerance
        && inner.end <= outer.end + tolerance;
  }

  private interface Pairing {
    void pair(TraceSpan outer, TraceSpan inner);
  }

  /** Pairs each span with at most one other, the tightest around it. */
  private static void pair(List<TraceSpan> spans, Relation relation, Pairing pairing) {
    List<TraceSpan> byDuration = new ArrayList<>(spans);
    byDuration.sort(
        Comparator.<TraceSpan>comparingLong(span -> span.end - span.start)
            .thenComparingLong(span -> span.start));
    Set<TraceSpan> taken = new HashSet<>();
    for (int i = 0; i < byDuration.size(); i++) {
      TraceSpan inner = byDuration.get(i);
      for (int j = i + 1; j < byDuration.size() && !taken.contains(inner); j++) {
        TraceSpan outer = byDuration.get(j);
        if (!taken.contains(outer) && relation.holds(outer, inner)) {
          taken.add(outer);
          taken.add(inner);
          pairing.pair(outer, inner);
        }
      }
    }
  }

  /* Spans in different traces without a common id: never sure. */

  private record Signature(String service, long input, long output) {}

  private void inOtherTraces() {
    Map<Signature, List<TraceSpan>> alike = new LinkedHashMap<>();
    for (TraceSpan span : spans) {
      if (calls.containsKey(span) && calls.get(span).spans.size() == 1 && facts(span).hasTokens()) {
        SpanFacts facts = facts(span);
        alike
            .computeIfAbsent(
                new Signature(facts.service(), facts.input(), facts.output()),
                signature -> new ArrayList<>(2))
            .add(span);
      }
    }
    for (List<TraceSpan> spansAlike : alike.values()) {
      if (spansAlike.size() > 1 && spansAlike.size() <= MOST_SIBLINGS) {
        pair(spansAlike, this::mayBeAcross, CallRules::mayBe);
      }
    }
  }

  private boolean mayBeAcross(TraceSpan outer, TraceSpan inner) {
    return !outer.trace.equals(inner.trace)
        && (inner.parentId == 0 || outer.parentId == 0)
        && isWithinTime(inner, outer, TOLERANCE_NANOS)
        && mayBeTwins(outer, inner);
  }

  private static void mayBe(TraceSpan outer, TraceSpan inner) {
    TraceSpan says = outer.isOpen() ? outer : inner;
    if (says.isOpen()) {
      says.possibleDuplicateOf(says == outer ? inner : outer, Rule.MAY_BE);
    }
  }

  /* Joining and billing. */

  private void join(TraceSpan a, TraceSpan b, Rule rule) {
    Call one = calls.get(a);
    Call other = calls.get(b);
    if (one == null || other == null || one == other || !mayJoin(one, other)) {
      return;
    }
    one.spans.put(a, rule);
    other.spans.put(b, rule);
    one.spans.putAll(other.spans);
    other.spans.keySet().forEach(span -> calls.put(span, one));
  }

  /** Two spans of one instrumentation that are not nested are two calls. */
  private boolean mayJoin(Call one, Call other) {
    for (TraceSpan a : one.spans.keySet()) {
      for (TraceSpan b : other.spans.keySet()) {
        if (facts(a).scope().equals(facts(b).scope())
            && !tree.isNested(a, b)
            && facts(a).hasTokens()
            && facts(b).hasTokens()) {
          return false;
        }
      }
    }
    return true;
  }

  private void apply() {
    Set<Call> distinct = new LinkedHashSet<>(calls.values());
    for (Call call : distinct) {
      if (call.spans.size() > 1) {
        TraceSpan best = best(List.copyOf(call.spans.keySet()));
        call.spans.forEach(
            (span, rule) -> {
              if (span != best && span.isOpen() && span.isCall()) {
                if (best.isOpen()) {
                  best.fillGaps(span, filled);
                }
                span.duplicateOf(best, rule);
              }
            });
      }
    }
  }

  private TraceSpan best(List<TraceSpan> call) {
    TraceSpan best = call.get(0);
    for (TraceSpan span : call.subList(1, call.size())) {
      int better = BILLS_BETTER.compare(span, best);
      if (better > 0 || better == 0 && isCloser(span, best)) {
        best = span;
      }
    }
    return best;
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
          && facts(span).billing() == Billing.AGGREGATE
          && facts(span).hasTokens()
          && !covered.contains(span)) {
        span.call(Rule.SOLE_SOURCE);
      }
    }
  }

  private interface Key extends Function<TraceSpan, @Nullable String> {}

  /** Groups the billed spans by key; leaves out groups of one span. */
  private List<List<TraceSpan>> groups(Key key) {
    Map<String, List<TraceSpan>> byKey = new LinkedHashMap<>();
    for (TraceSpan span : spans) {
      String own = span.isCall() ? key.apply(span) : null;
      if (own != null) {
        byKey.computeIfAbsent(own, first -> new ArrayList<>(2)).add(span);
      }
    }
    byKey.values().removeIf(same -> same.size() < 2);
    return List.copyOf(byKey.values());
  }

  private static SpanFacts facts(TraceSpan span) {
    if (span.facts == null) {
      throw new IllegalStateException("a span that is not about an LLM");
    }
    return span.facts;
  }
}
