package dev.tallyspan.collector.output.recent;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The parents of spans, and the sums of every branch. Any spans make a forest: a span whose parent
 * is missing is a root, and so is the earliest span of a cycle. Nothing is recursive, so depth is
 * not limited.
 */
final class TraceForest {

  /** By the index of the span; -1 for a root. */
  final int[] parents;

  /** By the index of the span: over the span and its descendants. */
  final Spend[] sums;

  private TraceForest(int[] parents, Spend[] sums) {
    this.parents = parents;
    this.sums = sums;
  }

  /**
   * @param spans by start
   */
  static TraceForest of(List<RecentSpan> spans) {
    int size = spans.size();
    Map<String, Integer> byKey = new HashMap<>();
    for (int i = 0; i < size; i++) {
      byKey.put(spans.get(i).key(), i);
    }
    int[] parents = new int[size];
    int[] waiting = new int[size];
    Spend[] sums = new Spend[size];
    for (int i = 0; i < size; i++) {
      int parent = byKey.getOrDefault(spans.get(i).parentSpanId(), -1);
      parents[i] = parent == i ? -1 : parent;
      if (parents[i] >= 0) {
        waiting[parents[i]]++;
      }
      sums[i] = new Spend();
      sums[i].add(spans.get(i));
    }
    // Leaves first: a span is added to its parent when all its children were added to it.
    boolean[] done = new boolean[size];
    Deque<Integer> ready = new ArrayDeque<>();
    for (int i = 0; i < size; i++) {
      if (waiting[i] == 0) {
        ready.add(i);
      }
    }
    settle(parents, waiting, sums, done, ready);
    // What is left is in cycles, of which the earliest span becomes a root.
    for (int i = 0; i < size; i++) {
      if (!done[i]) {
        int cut = parents[i];
        parents[i] = -1;
        if (--waiting[cut] == 0) {
          ready.add(cut);
        }
        settle(parents, waiting, sums, done, ready);
      }
    }
    return new TraceForest(parents, sums);
  }

  private static void settle(
      int[] parents, int[] waiting, Spend[] sums, boolean[] done, Deque<Integer> ready) {
    while (!ready.isEmpty()) {
      int i = ready.remove();
      done[i] = true;
      int parent = parents[i];
      if (parent >= 0) {
        sums[parent].add(sums[i]);
        if (--waiting[parent] == 0) {
          ready.add(parent);
        }
      }
    }
  }

  /** Returns the spans of a branch, in their order, starting with its root. */
  boolean[] branch(int root) {
    boolean[] within = new boolean[parents.length];
    boolean[] known = new boolean[parents.length];
    within[root] = true;
    known[root] = true;
    int[] path = new int[parents.length];
    for (int i = 0; i < parents.length; i++) {
      int length = 0;
      int at = i;
      while (at >= 0 && !known[at]) {
        path[length++] = at;
        at = parents[at];
      }
      boolean inside = at >= 0 && within[at];
      for (int step : Arrays.copyOf(path, length)) {
        known[step] = true;
        within[step] = inside;
      }
    }
    return within;
  }
}
