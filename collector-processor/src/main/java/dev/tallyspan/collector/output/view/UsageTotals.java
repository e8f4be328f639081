package dev.tallyspan.collector.output.view;

import dev.tallyspan.semconv.span.Cost;
import java.math.BigDecimal;

/**
 * Sums over model calls. A span adds its tokens and cost only if no other span accounts for them; a
 * call without a price adds to {@code unpriced} and not to the cost.
 */
final class UsageTotals {

  int calls;
  int failedCalls;
  int unpriced;
  int partial;
  long inputTokens;
  long cachedTokens;
  long outputTokens;
  final Money cost = new Money();

  void add(SpanRow row) {
    if (!row.llm().isModelCall()) {
      return;
    }
    calls++;
    failedCalls += row.error() ? 1 : 0;
    unpriced += row.llm().is(Cost.Status.UNPRICED) ? 1 : 0;
    partial += row.llm().is(Cost.Status.PARTIAL) ? 1 : 0;
    inputTokens += row.llm().inputTokens();
    cachedTokens += row.llm().cachedTokens();
    outputTokens += row.llm().outputTokens();
    BigDecimal amount = row.llm().amount();
    if (amount != null) {
      cost.add(row.llm().currency(), amount);
    }
  }

  void add(UsageTotals other) {
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
