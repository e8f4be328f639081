package dev.tallyspan.collector.output.budget;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What each value of a budget's key has spent, and which thresholds it has crossed. Keeps a bounded
 * number of keys. Thread-safe; the lock is held only while numbers are added.
 */
final class KeyedSpend {

  /** Sums of decimals in binary may fall short of a threshold by less than this share of it. */
  private static final double ROUNDING = 1e-9;

  /**
   * @param key the value of the budget's key; empty if it has no key
   */
  record Spend(String key, double amount) {}

  private static final class State {
    final SlidingSum sum;

    /** How many of the thresholds, which ascend, are crossed. */
    int crossed;

    State(SlidingSum sum) {
      this.sum = sum;
    }
  }

  private final Budget budget;

  // Guarded by this.
  private final Map<String, State> keys = new LinkedHashMap<>(16, 0.75f, /* accessOrder= */ true);
  private long evicted;

  KeyedSpend(Budget budget) {
    this.budget = budget;
  }

  /** What an amount led to. */
  record Change(double spend, List<Double> crossed) {}

  /**
   * Adds an amount.
   *
   * @return the new spend, and the thresholds that it crossed with this amount
   */
  synchronized Change add(String key, double amount, long nowMillis) {
    State state =
        keys.computeIfAbsent(key, any -> new State(new SlidingSum(budget.window().toMillis())));
    if (keys.size() > budget.maxKeys()) {
      keys.remove(keys.keySet().iterator().next());
      evicted++;
    }
    // A threshold may fire again once the spend was below it: before this amount.
    state.crossed = Math.min(state.crossed, reached(state.sum.sum(nowMillis)));
    state.sum.add(amount, nowMillis);
    double spend = state.sum.sum(nowMillis);
    int reached = reached(spend);
    List<Double> crossed = List.of();
    if (reached > state.crossed) {
      crossed = List.copyOf(budget.thresholds().subList(state.crossed, reached));
      state.crossed = reached;
    }
    return new Change(spend, crossed);
  }

  private int reached(double spend) {
    int reached = 0;
    for (double threshold : budget.thresholds()) {
      if (spend >= threshold * budget.limit() * (1 - ROUNDING)) {
        reached++;
      }
    }
    return reached;
  }

  /** The number of keys that were forgotten because there were too many. */
  synchronized long evicted() {
    return evicted;
  }

  /** Returns the keys that have spent most, in descending order. */
  List<Spend> top(int most, long nowMillis) {
    List<Spend> all = new ArrayList<>();
    synchronized (this) {
      keys.forEach((key, state) -> all.add(new Spend(key, state.sum.sum(nowMillis))));
    }
    all.sort(Comparator.comparingDouble(Spend::amount).reversed());
    return all.size() <= most ? all : all.subList(0, most);
  }
}
