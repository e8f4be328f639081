package dev.tallyspan.collector.tree;

import dev.tallyspan.collector.wire.SpanKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The spans of one or more traces, and their parents. Not thread-safe. */
final class Forest {

  /** Deeper nesting is not followed, and neither are spans that are their own ancestors. */
  private static final int MOST_ANCESTORS = 256;

  /** Several spans have the same id if a span was sent more than once. */
  private final Map<SpanKey, List<TreeSpan>> byId;

  Forest(Collection<TreeSpan> spans) {
    byId = new HashMap<>(2 * spans.size());
    for (TreeSpan span : spans) {
      if (span.trace != null && span.id != 0) {
        byId.computeIfAbsent(new SpanKey(span.trace, span.id), key -> new ArrayList<>(1)).add(span);
      }
    }
  }

  /** Passes each list of spans with the same id, if there are several of them. */
  void forEachRepeated(Consumer<List<TreeSpan>> visitor) {
    for (List<TreeSpan> same : byId.values()) {
      if (same.size() > 1) {
        visitor.accept(same);
      }
    }
  }

  /** Returns the spans with this id in the trace of {@code span}; empty if none was seen. */
  List<TreeSpan> withId(TreeSpan span, long id) {
    return span.trace == null || id == 0
        ? List.of()
        : byId.getOrDefault(new SpanKey(span.trace, id), List.of());
  }

  /**
   * Returns the id of the nearest ancestor that stays. If there is none, returns 0 below a root;
   * else, the id of the ancestor that was not seen.
   */
  long nearestKept(TreeSpan span) {
    long parent = span.parentId;
    for (int i = 0; i < MOST_ANCESTORS && parent != 0; i++) {
      List<TreeSpan> same = withId(span, parent);
      if (same.isEmpty() || same.stream().anyMatch(TreeSpan::isKept)) {
        return parent;
      }
      long next = same.get(0).parentId;
      parent = next == parent ? 0 : next;
    }
    return parent == 0 ? 0 : span.parentId;
  }

  /** Passes the ancestors that were seen, from the parent upwards. */
  void forEachAncestor(TreeSpan span, Consumer<TreeSpan> visitor) {
    long parent = span.parentId;
    for (int i = 0; i < MOST_ANCESTORS && parent != 0; i++) {
      List<TreeSpan> same = withId(span, parent);
      same.forEach(visitor);
      @Nullable TreeSpan first = same.isEmpty() ? null : same.get(0);
      parent = first == null || first.parentId == parent ? 0 : first.parentId;
    }
  }
}
