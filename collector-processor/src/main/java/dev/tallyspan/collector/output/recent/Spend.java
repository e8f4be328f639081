package dev.tallyspan.collector.output.recent;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tallyspan.semconv.span.Cost;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;

/**
 * Sums of spans: exact costs by currency, tokens of billed calls, and how complete the sums are.
 */
final class Spend {

  private final Map<String, BigDecimal> costs = new TreeMap<>();
  long inputTokens;
  long cachedTokens;
  long outputTokens;
  int calls;
  int unpriced;
  int partial;
  int duplicates;
  int errors;
  int spans;

  void add(RecentSpan span) {
    count(span);
    RecentSpan.Facts llm = span.llm();
    if (llm == null || !llm.cost().status().isBilled()) {
      return;
    }
    BigDecimal amount = llm.amount();
    if (amount != null && llm.cost().currency() != null) {
      costs.merge(llm.cost().currency(), amount, BigDecimal::add);
    }
  }

  /** Adds all of a span but its cost, which takes the longest. */
  void count(RecentSpan span) {
    spans++;
    errors += span.failed() ? 1 : 0;
    RecentSpan.Facts llm = span.llm();
    if (llm == null) {
      return;
    }
    duplicates += llm.is(Cost.Status.DUPLICATE) ? 1 : 0;
    if (!llm.cost().status().isBilled()) {
      return;
    }
    if (llm.isModelCall()) {
      calls++;
      inputTokens += llm.inputTokens();
      cachedTokens += llm.cachedTokens();
      outputTokens += llm.outputTokens();
    }
    unpriced += llm.is(Cost.Status.UNPRICED) ? 1 : 0;
    partial += llm.is(Cost.Status.PARTIAL) ? 1 : 0;
  }

  void add(Spend other) {
    other.costs.forEach((currency, amount) -> costs.merge(currency, amount, BigDecimal::add));
    inputTokens += other.inputTokens;
    cachedTokens += other.cachedTokens;
    outputTokens += other.outputTokens;
    calls += other.calls;
    unpriced += other.unpriced;
    partial += other.partial;
    duplicates += other.duplicates;
    errors += other.errors;
    spans += other.spans;
  }

  /** The highest amount in any currency, for comparisons: currencies are never added up. */
  double highest() {
    return costs.values().stream().mapToDouble(BigDecimal::doubleValue).max().orElse(0);
  }

  /** The amount in a currency, for comparisons. */
  double amount(String currency) {
    BigDecimal amount = costs.get(currency);
    return amount == null ? 0 : amount.doubleValue();
  }

  long tokens() {
    return inputTokens + outputTokens;
  }

  void write(JsonGenerator json) throws IOException {
    writeCosts("cost", json);
    json.writeNumberField("inputTokens", inputTokens);
    json.writeNumberField("cachedTokens", cachedTokens);
    json.writeNumberField("outputTokens", outputTokens);
    json.writeNumberField("calls", calls);
    json.writeNumberField("unpriced", unpriced);
    json.writeNumberField("partial", partial);
    json.writeNumberField("duplicates", duplicates);
    json.writeNumberField("errors", errors);
    json.writeNumberField("spans", spans);
  }

  /** Writes the costs as a list, which is empty if none is known: 0 would be a lie. */
  void writeCosts(String field, JsonGenerator json) throws IOException {
    json.writeArrayFieldStart(field);
    for (Map.Entry<String, BigDecimal> cost : costs.entrySet()) {
      json.writeStartObject();
      json.writeStringField("currency", cost.getKey());
      json.writeStringField("amount", cost.getValue().toPlainString());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
