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

  /** How likely it is that two spans are partners. */
  interface Likelihood {
    /** Returns 0 if they cannot be partners; otherwise a level from 1, the highest, to 3. */
    int level(TraceSpan a, TraceSpan b);
  }

  /** Receives a pair. */
  interface Pairs {
    /**
     * @param a the longer one
     */
    void pair(TraceSpan a, TraceSpan b, int level);
  }

  private Pairing() {}

  /**
   * Pairs spans of different scopes. Partners of a lower level are found only for spans that are
   * left over, but a span may then change its partner so that both have one.
   *
   * @param likelihood symmetric
   * @param pairs may change the likelihood of other pairs
   */
  static void pair(List<TraceSpan> spans, Likelihood likelihood, Pairs pairs) {
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
        parallel(byStart.subList(from, i), likelihood, pairs);
        from = i;
        end = i == byStart.size() ? 0 : byStart.get(i).end;
      } else {
        end = Math.max(end, byStart.get(i).end);
      }
    }
  }

  private static void parallel(List<TraceSpan> spans, Likelihood likelihood, Pairs pairs) {
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
        new Matching(scopes.get(i), scopes.get(j), likelihood).find(pairs);
      }
    }
  }

  /** A maximum matching, by augmenting paths. */
  private static final class Matching {

    private record Candidate(TraceSpan span, int level, long distance) {}

    private static final int LEVELS = 3;

    private final List<TraceSpan> left;
    private final Map<TraceSpan, List<Candidate>> candidates = new HashMap<>();
    private final Map<TraceSpan, TraceSpan> partners = new LinkedHashMap<>();
    private final Map<TraceSpan, Integer> levels = new HashMap<>();

    Matching(List<TraceSpan> left, List<TraceSpan> right, Likelihood likelihood) {
      this.left = new ArrayList<>(left);
      this.left.sort(Comparator.comparingLong(Pairing::duration));
      for (TraceSpan one : left) {
        List<Candidate> ofOne = new ArrayList<>(2);
        for (TraceSpan other : right) {
          int level = likelihood.level(one, other);
          if (level > 0) {
            long distance = Math.abs(other.start - one.start) + Math.abs(other.end - one.end);
            ofOne.add(new Candidate(other, level, distance));
          }
        }
        // The tightest fit is the most likely one.
        ofOne.sort(
            Comparator.comparingInt(Candidate::level).thenComparingLong(Candidate::distance));
        candidates.put(one, ofOne);
      }
    }

    void find(Pairs pairs) {
      List<TraceSpan> alone = left;
      for (int level = 1; level <= LEVELS; level++) {
        List<TraceSpan> left = new ArrayList<>();
        for (TraceSpan one : alone) {
          if (!augment(one, level, new HashSet<>())) {
            left.add(one);
          }
        }
        alone = left;
      }
      partners.forEach(
          (other, one) -> {
            int level = levels.getOrDefault(other, LEVELS);
            if (duration(one) >= duration(other)) {
              pairs.pair(one, other, level);
            } else {
              pairs.pair(other, one, level);
            }
          });
    }

    private boolean augment(TraceSpan one, int lowest, Set<TraceSpan> visited) {
      for (Candidate candidate : candidates.getOrDefault(one, List.of())) {
        if (candidate.level <= lowest && visited.add(candidate.span)) {
          TraceSpan taken = partners.get(candidate.span);
          if (taken == null || augment(taken, lowest, visited)) {
            partners.put(candidate.span, one);
            levels.put(candidate.span, candidate.level);
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
