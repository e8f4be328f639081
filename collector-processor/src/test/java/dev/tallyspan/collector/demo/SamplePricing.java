package dev.tallyspan.collector.demo;

import dev.tallyspan.collector.view.SpanRow;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Stands for the server's normalising and pricing, which have tests of their own: the sample's two
 * older dialects in current names, and round prices, in USD a million tokens of input, cache reads,
 * cache writes and output.
 */
final class SamplePricing {

  private static final Map<String, List<String>> PRICES =
      Map.of(
          "gpt-4o", List.of("2.5", "1.25", "2.5", "10"),
          "gpt-4o-mini", List.of("0.15", "0.075", "0.15", "0.6"),
          "o4-mini", List.of("1.1", "0.275", "1.1", "4.4"),
          "claude-sonnet-4-5-20250929", List.of("3", "0.3", "3.75", "15"),
          "text-embedding-3-small", List.of("0.02", "0.02", "0.02", "0"));

  static SpanRow apply(SpanRow row) {
    Map<String, Object> to = new LinkedHashMap<>(row.attributes());
    rename(to);
    Object operation = to.get("gen_ai.operation.name");
    if ("invoke_agent".equals(operation) && to.containsKey("gen_ai.usage.input_tokens")) {
      to.put("tallyspan.cost.status", "aggregate");
    } else if ("chat".equals(operation) || "embeddings".equals(operation)) {
      price(to);
    }
    return new SpanRow(
        row.traceId(),
        row.spanId(),
        row.parentSpanId(),
        row.name(),
        row.startNanos(),
        row.endNanos(),
        row.error(),
        row.statusMessage(),
        row.serviceName(),
        to);
  }

  private static void rename(Map<String, Object> to) {
    if (to.containsKey("gen_ai.system")) {
      to.put("gen_ai.operation.name", "chat");
      to.put("gen_ai.provider.name", to.get("gen_ai.system"));
      to.put("gen_ai.usage.input_tokens", to.get("gen_ai.usage.prompt_tokens"));
      to.put("gen_ai.usage.output_tokens", to.get("gen_ai.usage.completion_tokens"));
      to.put("tallyspan.dialect", List.of("openllmetry"));
    } else if (to.containsKey("openinference.span.kind")) {
      to.put("gen_ai.operation.name", "chat");
      to.put("gen_ai.provider.name", to.get("llm.provider"));
      to.put("gen_ai.request.model", to.get("llm.model_name"));
      to.put("gen_ai.usage.input_tokens", to.get("llm.token_count.prompt"));
      to.put("gen_ai.usage.output_tokens", to.get("llm.token_count.completion"));
      to.put("tallyspan.dialect", List.of("openinference"));
    }
  }

  private static void price(Map<String, Object> to) {
    List<String> prices = PRICES.get(String.valueOf(to.get("gen_ai.request.model")));
    if (!to.containsKey("gen_ai.usage.input_tokens")) {
      to.put("tallyspan.cost.status", "not_billable");
      return;
    }
    if (prices == null) {
      to.put("tallyspan.cost.status", "unpriced");
      return;
    }
    long cached = tokens(to, "gen_ai.usage.cache_read.input_tokens");
    long written = tokens(to, "gen_ai.usage.cache_write.input_tokens");
    long plain = tokens(to, "gen_ai.usage.input_tokens") - cached - written;
    long[] units = {plain, cached, written, tokens(to, "gen_ai.usage.output_tokens")};
    BigDecimal total = BigDecimal.ZERO;
    for (int i = 0; i < units.length; i++) {
      total = total.add(new BigDecimal(prices.get(i)).multiply(BigDecimal.valueOf(units[i], 6)));
    }
    to.put("tallyspan.cost.status", "priced");
    to.put("tallyspan.cost.total", total.doubleValue());
    to.put("tallyspan.cost.total_exact", total.toPlainString());
    to.put("tallyspan.cost.currency", "USD");
  }

  private static long tokens(Map<String, Object> attributes, String key) {
    return attributes.get(key) instanceof Long count ? count : 0;
  }

  private SamplePricing() {}
}
