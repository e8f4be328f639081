package dev.tallyspan.collector.view;

import java.math.BigDecimal;
import java.util.List;
import java.util.Set;

/** Reads a span's GenAI attributes, in the current names: the server has normalised them. */
final class GenAi {

  private static final Set<String> MODEL_CALLS =
      Set.of("chat", "generate_content", "text_completion", "embeddings");

  static String operation(SpanRow row) {
    return text(row, "gen_ai.operation.name");
  }

  static String provider(SpanRow row) {
    return text(row, "gen_ai.provider.name");
  }

  /** The model that was asked for; else the one that answered; else empty. */
  static String model(SpanRow row) {
    return first(row, "gen_ai.request.model", "gen_ai.response.model");
  }

  static String user(SpanRow row) {
    return first(row, "user.id", "enduser.id");
  }

  static String session(SpanRow row) {
    return first(row, "session.id", "gen_ai.conversation.id");
  }

  static long inputTokens(SpanRow row) {
    return number(row, "gen_ai.usage.input_tokens");
  }

  static long cachedTokens(SpanRow row) {
    return number(row, "gen_ai.usage.cache_read.input_tokens");
  }

  /** Under its newest name, or the one before that. */
  static long cacheWriteTokens(SpanRow row) {
    return Math.max(
        number(row, "gen_ai.usage.cache_write.input_tokens"),
        number(row, "gen_ai.usage.cache_creation.input_tokens"));
  }

  static long outputTokens(SpanRow row) {
    return number(row, "gen_ai.usage.output_tokens");
  }

  static long reasoningTokens(SpanRow row) {
    return number(row, "gen_ai.usage.reasoning.output_tokens");
  }

  /** Seconds from the request to the first chunk of a streamed answer; 0 if unknown. */
  static double timeToFirstChunk(SpanRow row) {
    Object value = row.attributes().get("gen_ai.response.time_to_first_chunk");
    return value instanceof Number number ? number.doubleValue() : 0;
  }

  static boolean isAgent(SpanRow row) {
    return operation(row).equals("invoke_agent") || operation(row).equals("invoke_workflow");
  }

  /** Whether the span is one call of a model, be it billed or not. */
  static boolean isModelCall(SpanRow row) {
    CostStatus status = CostStatus.of(row);
    return !status.countedElsewhere()
        && (status.billed()
            || status == CostStatus.UNPRICED
            || MODEL_CALLS.contains(operation(row)));
  }

  /** The exact cost of this span alone; null if it has none. */
  static BigDecimal cost(SpanRow row) {
    if (!CostStatus.of(row).billed()) {
      return null;
    }
    BigDecimal exact = decimal(text(row, "tallyspan.cost.total_exact"));
    return exact != null ? exact : decimal(text(row, "tallyspan.cost.total"));
  }

  static String currency(SpanRow row) {
    String currency = text(row, "tallyspan.cost.currency");
    return currency.isEmpty() ? "USD" : currency;
  }

  /** The strongest dialect recognised on the span; empty if it is the current convention. */
  static String foreignDialect(SpanRow row) {
    Object dialects = row.attributes().get("tallyspan.dialect");
    if (dialects instanceof List<?> list && !list.isEmpty()) {
      String strongest = String.valueOf(list.get(0));
      return strongest.equals("otel") ? "" : strongest;
    }
    return "";
  }

  /** The value as text; empty if there is none. */
  static String text(SpanRow row, String key) {
    Object value = row.attributes().get(key);
    return value == null ? "" : value.toString();
  }

  private static String first(SpanRow row, String key, String otherKey) {
    String value = text(row, key);
    return value.isEmpty() ? text(row, otherKey) : value;
  }

  /** The value as a count; 0 if it is missing, negative or not a number. */
  private static long number(SpanRow row, String key) {
    Object value = row.attributes().get(key);
    if (value instanceof Number number) {
      return Math.max(0, number.longValue());
    }
    BigDecimal parsed = value instanceof String text ? decimal(text) : null;
    return parsed == null ? 0 : Math.max(0, parsed.longValue());
  }

  private static BigDecimal decimal(String text) {
    // A longer text is no amount, and BigDecimal takes time with one.
    if (text.isEmpty() || text.length() > 64) {
      return null;
    }
    try {
      BigDecimal value = new BigDecimal(text);
      return Math.abs((long) value.precision() - value.scale()) > 64 ? null : value;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private GenAi() {}
}
