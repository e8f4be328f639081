package dev.tallyspan.collector.window;

import dev.tallyspan.collector.pipeline.Verdict.Rule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Pairs of spans that may be of one call, without proof. Of the spans that may all be of one call,
 * each but one says so, so that what remains without those that say so is billed once.
 */
final class Suspicions {

  private record Suspicion(TraceSpan says, TraceSpan other, boolean twins) {}

  private final List<Suspicion> all = new ArrayList<>();

  /** Of each span that says so, the next one on the way to the one that does not. */
  private final Map<TraceSpan, TraceSpan> next = new HashMap<>();

  /**
   * @param says the one that should say so, if it may still change
   */
  void add(TraceSpan says, TraceSpan other) {
    all.add(new Suspicion(says, other, /* twins= */ false));
  }

  /** Of two spans that may be twins, the one that bills worse says so; of equals the first. */
  void addTwins(TraceSpan a, TraceSpan b) {
    all.add(new Suspicion(a, b, /* twins= */ true));
  }

  /**
   * Marks the spans that are billed.
   *
   * @param billing of each span of a call, the span that bills the call
   * @param better orders spans; the greatest is the best one to bill
   */
  void mark(Map<TraceSpan, TraceSpan> billing, Comparator<TraceSpan> better) {
    for (Suspicion suspicion : all) {
      TraceSpan first = billing.get(suspicion.says);
      TraceSpan second = billing.get(suspicion.other);
      if (first == null || second == null) {
        continue; // one of them turned out not to be a call
      }
      boolean swap = suspicion.twins && better.compare(first, second) > 0;
      TraceSpan says = swap ? second : first;
      TraceSpan other = swap ? first : second;
      TraceSpan last = last(says);
      TraceSpan lastOfOther = last(other);
      if (last == lastOfOther) {
        continue;
      }
      if (last == says || lastOfOther != other) {
        mark(last, other, lastOfOther, says);
      } else {
        mark(lastOfOther, says, last, other);
      }
    }
  }

  /**
   * Lets the first one say so. If it was decided before, and did not, the other one does. If it is
   * in a trace that is decided separately, it says so there.
   */
  private void mark(TraceSpan says, TraceSpan other, TraceSpan lastOfOther, TraceSpan itself) {
    if (says.isOpen()) {
      mark(says, other, lastOfOther);
    } else if (says.isDecided() && !saysSo(says) && lastOfOther.isOpen()) {
      mark(lastOfOther, itself, says);
    }
  }

  private static boolean saysSo(TraceSpan span) {
    return span.verdict != null && span.verdict.rule() == Rule.MAY_BE;
  }

  private void mark(TraceSpan says, TraceSpan other, TraceSpan last) {
    says.possibleDuplicateOf(other, Rule.MAY_BE);
    next.put(says, last);
  }

  private TraceSpan last(TraceSpan span) {
    TraceSpan last = span;
    for (TraceSpan following = next.get(last); following != null; following = next.get(last)) {
      last = following;
    }
    return last;
  }
}
