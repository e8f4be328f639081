package dev.tallyspan.collector.processor;

import dev.tallyspan.collector.pipeline.SpanRecord;
import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.span.Cost;
import dev.tallyspan.semconv.span.LlmSpan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/*
 * Finds spans of one request that tell of the same call, so that it is billed once.
 *
 *  - The same span twice: the same trace id, span id and start, as exporters of snapshots send them.
 *    The one that ended later, or else says more tokens, or else comes later, bills.
 *  - The same answer on two spans: a provider's id of an answer is one of a kind. Yet a gateway may
 *    serve an answer from its cache, id and all, and then the second call is a call. So two spans
 *    are only taken for one where they also hang together: one is an ancestor of the other (a
 *    framework's span around the client's), or they are of different instrumentations, overlap in
 *    time, and the id is long enough to be no number that starts anew. Two spans of one
 *    instrumentation that are not nested are two calls, whatever their ids, also where a
 *    third span would join them. The one with more detail bills.
 *
 * A span that an SDK extension or another collector has billed keeps its verdict, and the others of
 * its call are its duplicates.
 */
final class SameCalls {

  /** An answer that more spans than this have is none of a provider's. */
  private static final int MOST_SPANS = 32;

  /** Servers on one's own machine number their answers: {@code chatcmpl-123}. */
  private static final int LEAST_ID_LENGTH = 16;

  private static final int MOST_ANCESTORS = 64;

  /**
   * A span about an LLM.
   *
   * @param index which of the spans of the request it is
   * @param parentId empty on a root
   */
  private record Seen(
      int index,
      String traceId,
      String spanId,
      String parentId,
      String scope,
      long start,
      long end,
      LlmSpan llm,
      Cost.Status status) {

    static Seen of(SpanRecord span) {
      return new Seen(
          span.item(),
          span.traceId(),
          span.spanId(),
          span.parentSpanId(),
          span.scopeName(),
          span.startEpochNanos(),
          span.endEpochNanos(),
          span.llm(),
          span.cost().status());
    }

    private boolean isBilled() {
      return llm.billing() == Billing.CALL;
    }

    private String id() {
      return traceId + "/" + spanId;
    }

    private long output() {
      return llm.usage() == null ? TokenUsage.UNKNOWN : llm.usage().output();
    }

    private long input() {
      return llm.usage() == null ? TokenUsage.UNKNOWN : llm.usage().input();
    }

    private boolean hasReportedUsage() {
      return llm.usage() != null && llm.usage().source() != TokenUsage.Source.ESTIMATED;
    }

    private int detail() {
      TokenUsage usage = llm.usage();
      if (usage == null) {
        return 0;
      }
      return some(usage.cacheRead())
          + some(usage.cacheWrite())
          + some(usage.cacheWrite5m())
          + some(usage.cacheWrite1h())
          + some(usage.reasoning())
          + some(usage.inputModalities().audio())
          + some(usage.inputModalities().image())
          + some(usage.outputModalities().audio())
          + some(usage.outputModalities().image())
          + some(llm.webSearches())
          + some(llm.sideUsages().size());
    }

    private static int some(long count) {
      return count > 0 ? 1 : 0;
    }
  }

  /** Of one span sent twice, the last picture of it is the greatest. */
  private static final Comparator<Seen> MORE_FINAL =
      Comparator.<Seen, Boolean>comparing(seen -> seen.llm.alreadyProcessed())
          .thenComparing(Seen::hasReportedUsage)
          .thenComparing(Seen::end)
          .thenComparing(Seen::output)
          .thenComparing(Seen::input)
          .thenComparing(Seen::index);

  /** Of two spans about one call, the one that a bill is best made from. */
  private static final Comparator<Seen> BILLS_BETTER =
      Comparator.<Seen, Boolean>comparing(seen -> seen.llm.alreadyProcessed())
          .thenComparing(Seen::hasReportedUsage)
          .thenComparing(seen -> seen.status != Cost.Status.UNPRICED)
          .thenComparing(Seen::detail)
          .thenComparing(seen -> seen.llm.dialects().contains("anthropic-sdk"))
          .thenComparing(seen -> seen.status == Cost.Status.PROVIDER_REPORTED);

  private final List<Seen> spans = new ArrayList<>();
  private int billed;

  void add(SpanRecord span) {
    Seen seen = Seen.of(span);
    spans.add(seen);
    billed += seen.isBilled() ? 1 : 0;
  }

  /**
   * Of each duplicate, by {@link SpanRecord#item}, which span bills it; empty if every call has one
   * span.
   */
  Map<Integer, String> duplicates() {
    if (billed < 2) {
      return Map.of();
    }
    Map<Integer, String> duplicates = new HashMap<>();
    for (List<Seen> same : groups(seen -> isValid(seen.spanId) ? seen.id() : null, duplicates)) {
      markSnapshots(same, duplicates);
    }
    Map<String, Seen> byId = null;
    for (List<Seen> same : groups(seen -> seen.llm.responseId(), duplicates)) {
      if (byId == null) {
        byId = new HashMap<>();
        for (Seen seen : spans) {
          byId.put(seen.id(), seen);
        }
      }
      if (same.size() <= MOST_SPANS) {
        markAnswers(same, byId, duplicates);
      }
    }
    return duplicates;
  }

  private interface Key {
    /** Null for a span that belongs in no group. */
    String of(Seen seen);
  }

  /** The billed spans that share a key, where several do. */
  private List<List<Seen>> groups(Key key, Map<Integer, String> duplicates) {
    Map<String, List<Seen>> byKey = null;
    Map<String, Seen> firsts = new HashMap<>();
    for (Seen seen : spans) {
      String own = seen.isBilled() && !duplicates.containsKey(seen.index) ? key.of(seen) : null;
      Seen first = own == null ? null : firsts.putIfAbsent(own, seen);
      if (first != null) {
        byKey = byKey == null ? new LinkedHashMap<>() : byKey;
        byKey.computeIfAbsent(own, k -> new ArrayList<>(List.of(first))).add(seen);
      }
    }
    return byKey == null ? List.of() : List.copyOf(byKey.values());
  }

  private static void markSnapshots(List<Seen> same, Map<Integer, String> duplicates) {
    Seen last = same.stream().max(MORE_FINAL).orElseThrow();
    for (Seen seen : same) {
      if (seen != last && isSnapshot(seen, last)) {
        mark(seen, last, duplicates);
      }
    }
  }

  /** A span has one start and one answer; what differs there has its id by mistake. */
  private static boolean isSnapshot(Seen seen, Seen last) {
    String own = seen.llm.responseId();
    String lasts = last.llm.responseId();
    return (seen.start == last.start || seen.start == 0 || last.start == 0)
        && (own == null || lasts == null || own.equals(lasts));
  }

  private static void markAnswers(
      List<Seen> same, Map<String, Seen> byId, Map<Integer, String> duplicates) {
    List<List<Seen>> calls = new ArrayList<>();
    same.forEach(seen -> calls.add(new ArrayList<>(List.of(seen))));
    // Nesting first: what overlaps may then only join what it does not tell apart.
    join(calls, (a, b) -> isNested(a, b, byId) && mayBeOne(a, b), byId);
    join(calls, SameCalls::overlap, byId);
    for (List<Seen> call : calls) {
      if (call.size() > 1) {
        Seen best = best(call, byId);
        for (Seen seen : call) {
          if (seen != best) {
            mark(seen, best, duplicates);
          }
        }
      }
    }
  }

  private interface Relation {
    boolean holds(Seen a, Seen b);
  }

  private static void join(List<List<Seen>> calls, Relation relation, Map<String, Seen> byId) {
    for (int i = 0; i < calls.size(); i++) {
      for (int j = i + 1; j < calls.size(); ) {
        if (areOne(calls.get(i), calls.get(j), relation, byId)) {
          calls.get(i).addAll(calls.remove(j));
          j = i + 1;
        } else {
          j++;
        }
      }
    }
  }

  private static boolean areOne(
      List<Seen> some, List<Seen> others, Relation relation, Map<String, Seen> byId) {
    boolean related = false;
    for (Seen a : some) {
      for (Seen b : others) {
        if (a.scope.equals(b.scope) && !isNested(a, b, byId)) {
          return false;
        }
        related |= relation.holds(a, b);
      }
    }
    return related;
  }

  /** An id that is no more than a number tells the same call only with the same tokens. */
  private static boolean mayBeOne(Seen a, Seen b) {
    return isUnique(a)
        || a.output() == b.output()
        || a.output() == TokenUsage.UNKNOWN
        || b.output() == TokenUsage.UNKNOWN;
  }

  private static boolean overlap(Seen a, Seen b) {
    return isUnique(a)
        && !a.scope.equals(b.scope)
        && a.start != 0
        && b.start != 0
        && a.start <= b.end
        && b.start <= a.end;
  }

  private static boolean isUnique(Seen seen) {
    return seen.llm.responseId().length() >= LEAST_ID_LENGTH;
  }

  private static boolean isNested(Seen a, Seen b, Map<String, Seen> byId) {
    return isWithin(a, b, byId) || isWithin(b, a, byId);
  }

  /** Whether the one is an ancestor of the other, by spans about LLMs alone. */
  private static boolean isWithin(Seen inner, Seen outer, Map<String, Seen> byId) {
    Seen span = inner;
    for (int i = 0; i < MOST_ANCESTORS && span != null && !span.parentId.isEmpty(); i++) {
      String parent = span.traceId + "/" + span.parentId;
      if (parent.equals(outer.id())) {
        return true;
      }
      span = byId.get(parent);
    }
    return false;
  }

  /** Between equals the inner one, which is nearer to the provider. */
  private static Seen best(List<Seen> call, Map<String, Seen> byId) {
    Seen best = call.get(0);
    for (Seen seen : call.subList(1, call.size())) {
      int better = BILLS_BETTER.compare(seen, best);
      if (better > 0 || better == 0 && isWithin(seen, best, byId)) {
        best = seen;
      }
    }
    return best;
  }

  private static void mark(Seen seen, Seen bills, Map<Integer, String> duplicates) {
    if (!seen.llm.alreadyProcessed()) {
      duplicates.put(seen.index, seen.traceId.equals(bills.traceId) ? bills.spanId : bills.id());
    }
  }

  private static boolean isValid(String spanId) {
    for (int i = 0; i < spanId.length(); i++) {
      if (spanId.charAt(i) != '0') {
        return true;
      }
    }
    return false;
  }
}
