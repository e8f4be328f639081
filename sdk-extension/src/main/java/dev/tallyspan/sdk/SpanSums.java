package dev.tallyspan.sdk;

import dev.tallyspan.enrichment.Rollup;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the ended spans below a span add up to. Not thread-safe. */
final class SpanSums {

  /** More calls side by side are not compared with the span around them. */
  private static final int MAX_CALLS = 64;

  final Rollup rollup = new Rollup();

  /** The calls with no step of an agent between; null if there are too many to compare. */
  private @Nullable List<InnerCall> calls = new ArrayList<>(2);

  void add(SpanSums other) {
    rollup.add(other.rollup);
    addCalls(other.calls);
  }

  void addCalls(@Nullable List<InnerCall> others) {
    if (calls == null || others == null || calls.size() + others.size() > MAX_CALLS) {
      calls = null;
    } else {
      calls.addAll(others);
    }
  }

  /** The calls directly below; empty if they are not known. */
  List<InnerCall> calls() {
    return calls == null ? List.of() : calls;
  }

  /** Sets the calls that the span around this one sees. */
  void showCalls(List<InnerCall> shown) {
    calls = new ArrayList<>(shown);
  }
}
