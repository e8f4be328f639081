package dev.tallyspan.collector.window;

import dev.tallyspan.collector.wire.SpanKey;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parents of the spans of one or more traces. A span of which no parent is known is a top. */
final class SpanTree {

  /** Deeper nesting is not followed, and neither are spans that are their own ancestors. */
  private static final int MOST_ANCESTORS = 256;

  private final Map<SpanKey, TraceSpan> byId;

  /** If several spans have the same id, keeps the last one. */
  SpanTree(Collection<TraceSpan> spans) {
    byId = new HashMap<>(2 * spans.size());
    for (TraceSpan span : spans) {
      if (span.id != 0) {
        byId.put(new SpanKey(span.trace, span.id), span);
      }
    }
  }

  /** Returns the parent; null if it is not among the spans. */
  @Nullable TraceSpan parent(TraceSpan span) {
    return span.parentId == 0 || span.parentId == span.id
        ? null
        : byId.get(new SpanKey(span.trace, span.parentId));
  }

  /** Decides, going up from a span, where to stop. */
  interface Visitor {
    /** Returns whether to go on to the parent of this ancestor. */
    boolean visit(TraceSpan ancestor);
  }

  /** Visits the ancestors of a span, from its parent upwards. */
  void ancestors(TraceSpan span, Visitor visitor) {
    TraceSpan ancestor = parent(span);
    for (int i = 0; i < MOST_ANCESTORS && ancestor != null; i++) {
      if (!visitor.visit(ancestor)) {
        return;
      }
      ancestor = parent(ancestor);
    }
  }

  boolean isWithin(TraceSpan inner, TraceSpan outer) {
    boolean[] found = {false};
    ancestors(
        inner,
        ancestor -> {
          found[0] = ancestor.trace.equals(outer.trace) && ancestor.id == outer.id;
          return !found[0];
        });
    return found[0];
  }

  boolean isNested(TraceSpan a, TraceSpan b) {
    return isWithin(a, b) || isWithin(b, a);
  }
}
