package dev.tallyspan.collector.window;

import dev.tallyspan.collector.wire.TraceId;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parents of the spans of one or more traces. A span of which no parent is known is a top. */
final class SpanTree {

  /** Deeper nesting is not followed, and neither are spans that are their own ancestors. */
  private static final int MOST_ANCESTORS = 256;

  private record Key(TraceId trace, long span) {

    @Override
    public int hashCode() {
      return Long.hashCode(span) ^ trace.hashCode();
    }
  }

  private final Map<Key, TraceSpan> byId;

  /** If spans have the same id, the last one stands for it. */
  SpanTree(Collection<TraceSpan> spans) {
    byId = new HashMap<>(2 * spans.size());
    for (TraceSpan span : spans) {
      if (span.id != 0) {
        byId.put(new Key(span.trace, span.id), span);
      }
    }
  }

  /** Returns the parent; null if it is not among the spans. */
  @Nullable TraceSpan parent(TraceSpan span) {
    return span.parentId == 0 || span.parentId == span.id
        ? null
        : byId.get(new Key(span.trace, span.parentId));
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
