package dev.tallyspan.collector.output.view;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the spans of a long trace that get a line of their own: from the top down; on one level
 * first spans with a failure below them, then those closest to the first or last of their siblings.
 * The parent of a shown span is always shown.
 */
final class Folding {

  /** Null if all spans are shown. */
  private final @Nullable Set<TraceTree.Node> shown;

  private Folding(@Nullable Set<TraceTree.Node> shown) {
    this.shown = shown;
  }

  static Folding of(TraceTree tree, int maxSpans) {
    if (maxSpans == 0 || tree.size() <= maxSpans) {
      return new Folding(null);
    }
    Map<TraceTree.Node, Integer> fromEnd = new HashMap<>();
    rank(tree.roots(), fromEnd);
    tree.nodes().forEach(node -> rank(node.children(), fromEnd));
    List<TraceTree.Node> candidates = new ArrayList<>(tree.nodes());
    candidates.sort(
        Comparator.comparingInt(TraceTree.Node::depth)
            .thenComparing(node -> node.errors() == 0)
            .thenComparing(fromEnd::get));
    Set<TraceTree.Node> shown = new HashSet<>();
    for (TraceTree.Node node : candidates) {
      if (shown.size() < maxSpans && (node.parent() == null || shown.contains(node.parent()))) {
        shown.add(node);
      }
    }
    return new Folding(shown);
  }

  boolean shows(TraceTree.Node node) {
    return shown == null || shown.contains(node);
  }

  private static void rank(List<TraceTree.Node> siblings, Map<TraceTree.Node, Integer> fromEnd) {
    for (int i = 0; i < siblings.size(); i++) {
      fromEnd.put(siblings.get(i), Math.min(i, siblings.size() - 1 - i));
    }
  }
}
