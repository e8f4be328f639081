package dev.tallyspan.collector.window;

import dev.tallyspan.collector.wire.SpanKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the spans that were sent more than once: as a snapshot before they ended, or again after a
 * lost response.
 */
final class SpanStates {

  /**
   * Orders the states of one span; the last one is the greatest. Of equal ones, it is the one that
   * came last: a backend that overwrites spans would otherwise lose the cost with the copy.
   */
  private static final Comparator<TraceSpan> MORE_FINAL =
      Comparator.<TraceSpan, Boolean>comparing(span -> span.facts != null)
          .thenComparing(span -> span.facts != null && span.facts.processed())
          .thenComparing(span -> span.facts != null && span.facts.hasTokens())
          .thenComparing(span -> span.forwarded)
          .thenComparing(span -> span.end)
          .thenComparing(span -> span.facts == null ? 0 : span.facts.output())
          .thenComparing(span -> span.facts == null ? 0 : span.facts.input());

  private SpanStates() {}

  /** Returns the earlier states, each with the last state of the same span. */
  static Map<TraceSpan, TraceSpan> earlier(Collection<TraceSpan> spans) {
    Map<SpanKey, TraceSpan> first = new HashMap<>(2 * spans.size());
    Map<SpanKey, List<TraceSpan>> repeated = new HashMap<>();
    for (TraceSpan span : spans) {
      if (span.id != 0) {
        SpanKey key = new SpanKey(span.trace, span.id);
        TraceSpan known = first.putIfAbsent(key, span);
        if (known != null) {
          repeated.computeIfAbsent(key, repeatedKey -> new ArrayList<>(List.of(known))).add(span);
        }
      }
    }
    Map<TraceSpan, TraceSpan> earlier = new IdentityHashMap<>();
    for (List<TraceSpan> states : repeated.values()) {
      TraceSpan last = last(states);
      for (TraceSpan state : states) {
        if (state != last && isState(state, last)) {
          earlier.put(state, last);
        }
      }
    }
    return earlier;
  }

  private static TraceSpan last(List<TraceSpan> states) {
    TraceSpan last = states.get(0);
    for (TraceSpan state : states) {
      last = MORE_FINAL.compare(state, last) >= 0 ? state : last;
    }
    return last;
  }

  /** A span has one start and one answer; spans that differ in them share an id by mistake. */
  private static boolean isState(TraceSpan span, TraceSpan last) {
    String own = answer(span);
    String lasts = answer(last);
    return (span.start == last.start || span.start == 0 || last.start == 0)
        && (own == null || lasts == null || own.equals(lasts));
  }

  private static @Nullable String answer(TraceSpan span) {
    return span.facts == null ? null : span.facts.responseId();
  }
}
