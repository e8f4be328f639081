package dev.tallyspan.collector.window;

import java.util.ArrayList;
import java.util.List;

/** Pairs of spans that may be of one call, without proof. */
final class Suspicions {

  /** The first says so, if it is billed and may still change. */
  record Suspicion(TraceSpan says, TraceSpan other) {}

  private final List<Suspicion> all = new ArrayList<>();

  void add(TraceSpan says, TraceSpan other) {
    all.add(new Suspicion(says, other));
  }

  List<Suspicion> all() {
    return all;
  }
}
