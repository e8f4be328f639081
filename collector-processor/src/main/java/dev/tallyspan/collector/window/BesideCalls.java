package dev.tallyspan.collector.window;

import dev.tallyspan.collector.pipeline.Verdict.Rule;
import dev.tallyspan.collector.wire.TraceId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Joins spans of one call that have the same parent. */
final class BesideCalls {

  /** The same model and tokens. */
  private static final int SURE = 1;

  /** One of them has no tokens, as a streamed client's without usage. */
  private static final int STREAM = 2;

  /** Another model, or tokens that nearly agree. */
  private static final int DOUBTFUL = 3;

  private final Calls calls;
  private final Suspicions suspicions;

  BesideCalls(Calls calls, Suspicions suspicions) {
    this.calls = calls;
    this.suspicions = suspicions;
  }

  private record Parent(TraceId trace, long id) {}

  void join() {
    Map<Parent, List<TraceSpan>> byParent = new LinkedHashMap<>();
    for (TraceSpan span : calls.spans()) {
      if (span.parentId != 0) {
        byParent
            .computeIfAbsent(new Parent(span.trace, span.parentId), parent -> new ArrayList<>(2))
            .add(span);
      }
    }
    for (List<TraceSpan> siblings : byParent.values()) {
      Pairing.pair(siblings, this::likelihood, this::pair);
    }
  }

  private int likelihood(TraceSpan a, TraceSpan b) {
    if (!areBeside(a, b)) {
      return 0;
    }
    boolean sameModel = Likeness.mayHaveSameModel(a, b);
    if (!Likeness.haveTokens(a, b)) {
      return sameModel && isStreamOf(a, b) ? STREAM : 0;
    }
    if (Likeness.sameTokens(a, b)) {
      return sameModel ? SURE : DOUBTFUL;
    }
    return sameModel && Likeness.nearlySameTokens(a, b) ? DOUBTFUL : 0;
  }

  private void pair(TraceSpan outer, TraceSpan inner, int level) {
    if (level == DOUBTFUL) {
      suspicions.addTwins(outer, inner);
    } else {
      calls.join(outer, inner, Rule.BESIDE);
    }
  }

  private boolean areBeside(TraceSpan a, TraceSpan b) {
    return Likeness.isOneWithinOther(a, b) && Likeness.mayBeTwins(a, b) && calls.areSeparate(a, b);
  }

  private static boolean isStreamOf(TraceSpan a, TraceSpan b) {
    return a.facts().hasTokens() != b.facts().hasTokens()
        && !a.facts().failed()
        && !b.facts().failed();
  }
}
