package dev.tallyspan.collector.window;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Pairs the spans of one instrumentation with those of another, so that as many as possible have a
 * partner. Parallel calls overlap, and a client's interval may lie within those of several
 * frameworks: pairs that are chosen one by one, however well, leave spans over that are then billed
 * twice.
 */
final class Pairing {

  /** More spans that overlap in time are not compared with each other. */
  private static final int MOST_PARALLEL = 512;

  /** Whether two spans may be partners. */
  interface Relation {
    boolean holds(TraceSpan a, TraceSpan b);
  }

  /** Receives a pair. */
  interface Pairs {
    void pair(TraceSpan a, TraceSpan b);
  }

  private Pairing() {}

  /**
   * Pairs spans of different scopes.
   *
   * @param relation symmetric
   * @param pairs receives each pair with the longer span first; may change what the relation holds
   *     for
   */
  static void pair(List<TraceSpan> spans, Relation relation, Pairs pairs) {
    if (spans.size() < 2) {
      return;
    }
    List<TraceSpan> byStart = new ArrayList<>(spans);
    byStart.sort(Comparator.comparingLong(span -> span.start));
    long gap = Likeness.tolerance(spans);
    int from = 0;
    long end = byStart.get(0).end;
    for (int i = 1; i <= byStart.size(); i++) {
      if (i == byStart.size() || byStart.get(i).start > end + gap) {
        parallel(byStart.subList(from, i), relation, pairs);
        from = i;
        end = i == byStart.size() ? 0 : byStart.get(i).end;
      } else {
        end = Math.max(end, byStart.get(i).end);
      }
    }
  }

  private static void parallel(List<TraceSpan> spans, Relation relation, Pairs pairs) {
    if (spans.size() < 2 || spans.size() > MOST_PARALLEL) {
      return;
    }
    Map<String, List<TraceSpan>> byScope = new LinkedHashMap<>();
    for (TraceSpan span : spans) {
      byScope.computeIfAbsent(span.facts().scope(), scope -> new ArrayList<>(2)).add(span);
    }
    List<List<TraceSpan>> scopes = List.copyOf(byScope.values());
    for (int i = 0; i < scopes.size(); i++) {
      for (int j = i + 1; j < scopes.size(); j++) {
        new Matching(scopes.get(i), scopes.get(j), relation).find(pairs);
      }
    }
  }

  /** A maximum matching, by augmenting paths. */
  private static final class Matching {

    private final List<TraceSpan> left;
    private final Map<TraceSpan, List<TraceSpan>> candidates = new HashMap<>();
    private final Map<TraceSpan, TraceSpan> partners = new LinkedHashMap<>();

    Matching(List<TraceSpan> left, List<TraceSpan> right, Relation relation) {
      this.left = new ArrayList<>(left);
      this.left.sort(Comparator.comparingLong(Pairing::duration));
      for (TraceSpan one : left) {
        List<TraceSpan> partnersOfOne = new ArrayList<>(2);
        for (TraceSpan other : right) {
          if (relation.holds(one, other)) {
            partnersOfOne.add(other);
          }
        }
        // The tightest fit is the most likely one.
        partnersOfOne.sort(
            Comparator.comparingLong(
                other -> Math.abs(other.start - one.start) + Math.abs(other.end - one.end)));
        candidates.put(one, partnersOfOne);
      }
    }

    void find(Pairs pairs) {
      for (TraceSpan one : left) {
        augment(one, new HashSet<>());
      }
      partners.forEach(
          (other, one) -> {
            if (duration(one) >= duration(other)) {
              pairs.pair(one, other);
            } else {
              pairs.pair(other, one);
            }
          });
    }

    private boolean augment(TraceSpan one, Set<TraceSpan> visited) {
      for (TraceSpan other : candidates.getOrDefault(one, List.of())) {
        if (visited.add(other)) {
          TraceSpan taken = partners.get(other);
          if (taken == null || augment(taken, visited)) {
            partners.put(other, one);
            return true;
          }
        }
      }
      return false;
    }
  }

  private static long duration(TraceSpan span) {
    return span.end - span.start;
  }
}
