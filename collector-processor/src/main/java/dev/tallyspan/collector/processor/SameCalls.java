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
import org.jspecify.annotations.Nullable;

/*
 * Finds the spans of one request that describe the same call, so that the call is billed once.
 *
 *  - The same span twice: the same trace id, span id and start, as exporters of snapshots send them.
 *    The span that ended later is billed, or else the one with more tokens, or else the later one.
 *  - The same answer on two spans: a provider's id of an answer is unique. But a gateway may serve an
 *    answer from its cache with the same id, and then the second call is a call of its own. So two
 *    spans count as one call only if they are also related: one is an ancestor of the other (the span
 *    of a framework around that of the client), or they come from different instrumentations, overlap
 *    in time, and the id is too long to be a number that a restart repeats. Two spans of one
 *    instrumentation that are not nested are two calls, regardless of their ids, even if a third
 *    span would connect them. The span with more detail is billed.
 *
 * A span that an SDK extension or another collector has billed keeps its status, and the other spans
 * of its call are its duplicates.
 */
final class SameCalls {

  /** An id on more spans than this is not a provider's id of an answer. */
  private static final int MOST_SPANS = 32;

  /** Local servers number their answers: {@code chatcmpl-123}. */
  private static final int LEAST_ID_LENGTH = 16;

  private static final int MOST_ANCESTORS = 64;

  /**
   * A span about an LLM.
   *
   * @param index the position of the span in the request
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

  /** Orders snapshots of one span; the last one is the greatest. */
  private static final Comparator<Seen> MORE_FINAL =
      Comparator.<Seen, Boolean>comparing(seen -> seen.llm.alreadyProcessed())
          .thenComparing(Seen::hasReportedUsage)
          .thenComparing(Seen::end)
          .thenComparing(Seen::output)
          .thenComparing(Seen::input)
          .thenComparing(Seen::index);

  /** Orders the spans of one call; the greatest is the best one to bill. */
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
   * Returns the billed span for each duplicate, by {@link SpanRecord#item}; empty if every call has
   * one span.
   */
  Map<Integer, String> duplicates() {
    if (billed < 2) {
      return Map.of();
    }
    Map<Integer, String> duplicates = new HashMap<>();
    for (List<Seen> same : groups(seen -> isValid(seen.spanId) ? seen.id() : null, duplicates)) {
      markSnapshots(same, duplicates);
    }
    Map<String, Seen> byId = new HashMap<>();
    for (List<Seen> same : groups(seen -> seen.llm.responseId(), duplicates)) {
      if (byId.isEmpty()) {
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
    /** Returns null for a span that belongs to no group. */
    @Nullable String of(Seen seen);
  }

  /** Groups the billed spans by key; leaves out groups of one span. */
  private List<List<Seen>> groups(Key key, Map<Integer, String> duplicates) {
    Map<String, List<Seen>> byKey = new LinkedHashMap<>();
    Map<String, Seen> firsts = new HashMap<>();
    for (Seen seen : spans) {
      String own = seen.isBilled() && !duplicates.containsKey(seen.index) ? key.of(seen) : null;
      Seen first = own == null ? null : firsts.putIfAbsent(own, seen);
      if (first != null) {
        byKey.computeIfAbsent(own, k -> new ArrayList<>(List.of(first))).add(seen);
      }
    }
    return List.copyOf(byKey.values());
  }

  private static void markSnapshots(List<Seen> same, Map<Integer, String> duplicates) {
    Seen last = same.stream().max(MORE_FINAL).orElseThrow();
    for (Seen seen : same) {
      if (seen != last && isSnapshot(seen, last)) {
        mark(seen, last, duplicates);
      }
    }
  }

  /** A span has one start and one answer; spans that differ in them share an id by mistake. */
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
    // Nesting first: overlapping spans may then join only if they do not separate nested ones.
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

  /** A short id, which may be a number, identifies a call only together with the same tokens. */
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
    String id = seen.llm.responseId();
    return id != null && id.length() >= LEAST_ID_LENGTH;
  }

  private static boolean isNested(Seen a, Seen b, Map<String, Seen> byId) {
    return isWithin(a, b, byId) || isWithin(b, a, byId);
  }

  /** Whether {@code outer} is an ancestor of {@code inner}, by spans about LLMs only. */
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

  /** Returns the best span to bill; among equals the inner one, which is closer to the provider. */
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
