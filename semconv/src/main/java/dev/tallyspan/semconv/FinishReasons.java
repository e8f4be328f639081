package dev.tallyspan.semconv;

import dev.tallyspan.semconv.internal.json.Scalars;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reasons why a model stopped: the values of the message schemas, and the values that providers use
 * instead.
 *
 * <p>{@code gen_ai.response.finish_reasons} may contain a provider's own values, so only their
 * spelling is corrected. A message's {@code finish_reason} is one of the schema's values.
 */
public final class FinishReasons {

  private static final Map<String, String> CANONICAL = canonicalValues();

  /** Other spellings of the schema's values. */
  private static final Map<String, String> SPELLINGS =
      Map.of(
          "tool_calls", "tool_call",
          "tool-calls", "tool_call",
          "content-filter", "content_filter",
          "finish_reason_stop", "stop");

  private FinishReasons() {}

  /**
   * {@return the schema's value for a provider's value; the same text if there is no such value;
   * null for null and for placeholders such as {@code none}}
   *
   * @param raw as it was received
   */
  public static @Nullable String canonical(@Nullable String raw) {
    if (raw == null || Scalars.isPlaceholder(raw)) {
      return null;
    }
    String known = CANONICAL.get(raw.strip().toLowerCase(Locale.ROOT));
    return known != null ? known : raw.strip();
  }

  /**
   * {@return the same reasons, with other spellings of the schema's values corrected; null for
   * null}
   *
   * @param raw as it was received
   */
  public static @Nullable List<String> respell(@Nullable List<String> raw) {
    if (raw == null) {
      return null;
    }
    List<String> respelled = new ArrayList<>(raw.size());
    for (String reason : raw) {
      String lower = reason.strip().toLowerCase(Locale.ROOT);
      String spelling = SPELLINGS.get(lower);
      respelled.add(spelling != null ? spelling : CANONICAL.containsKey(lower) ? lower : reason);
    }
    return List.copyOf(respelled);
  }

  private static Map<String, String> canonicalValues() {
    Map<String, String> map = new HashMap<>();
    add(
        map,
        "stop",
        "end_turn",
        "endturn",
        "stop_sequence",
        "stopsequence",
        "eos",
        "complete",
        "completed",
        "finish",
        "finish_reason_stop",
        "eos_token");
    add(
        map,
        "length",
        "max_tokens",
        "maxtokens",
        "max_output_tokens",
        "model_length",
        "incomplete:max_output_tokens",
        "model_context_window_exceeded");
    add(
        map,
        "tool_call",
        "tool_calls",
        "tool-calls",
        "tool_use",
        "tooluse",
        "function_call",
        "tool_execution");
    add(
        map,
        "content_filter",
        "content-filter",
        "content_filtered",
        "contentfiltered",
        "safety",
        "recitation",
        "blocklist",
        "prohibited_content",
        "spii",
        "refusal",
        "guardrail_intervened");
    add(map, "compaction");
    add(map, "error", "failed", "malformed_function_call", "cancelled");
    return Map.copyOf(map);
  }

  private static void add(Map<String, String> map, String known, String... aliases) {
    map.put(known, known);
    for (String alias : aliases) {
      map.put(alias, known);
    }
  }
}
