package dev.tallyspan.collector.view;

import java.math.BigDecimal;

/**
 * Sums over model calls. A span counts its own tokens and cost only if no other span accounts for
 * them; a call without a price adds to {@code unpriced} and not to the money.
 */
final class Tally {

  int calls;
  int failedCalls;
  int unpriced;
  int partial;
  long inputTokens;
  long cachedTokens;
  long outputTokens;
  final Money cost = new Money();

  void add(SpanRow row) {
    if (!GenAi.isModelCall(row)) {
      return;
    }
    CostStatus status = CostStatus.of(row);
    calls++;
    failedCalls += row.error() ? 1 : 0;
    unpriced += status == CostStatus.UNPRICED ? 1 : 0;
    partial += status == CostStatus.PARTIAL ? 1 : 0;
    inputTokens += GenAi.inputTokens(row);
    cachedTokens += GenAi.cachedTokens(row);
    outputTokens += GenAi.outputTokens(row);
    BigDecimal amount = GenAi.cost(row);
    if (amount != null) {
      cost.add(GenAi.currency(row), amount);
    }
  }

  void add(Tally other) {
    calls += other.calls;
    failedCalls += other.failedCalls;
    unpriced += other.unpriced;
    partial += other.partial;
    inputTokens += other.inputTokens;
    cachedTokens += other.cachedTokens;
    outputTokens += other.outputTokens;
    cost.add(other.cost);
  }
}
