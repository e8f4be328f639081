package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.KeyClass;
import dev.tallyspan.semconv.span.Slot;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The attributes in which senders of any dialect state token counts and costs. */
public final class StatedUsage {

  /** What starts so is a count or a cost, whatever follows. */
  private static final List<String> PREFIXES =
      List.of(
          "gen_ai.usage.",
          "gen_ai.aggregated_usage.",
          "gen_ai.cost.",
          "gen_ai.token.cost.",
          "llm.usage.",
          "llm.token_count.",
          "llm.cost.",
          "ai.usage.",
          "anthropic.usage.",
          "codex.turn.token_usage.",
          "codex.usage.",
          "opencode.llm.cost.");

  /** Payloads, and keys that no table has. */
  private static final List<String> PAYLOADS =
      List.of(
          "langfuse.observation.usage_details",
          "langfuse.observation.cost_details",
          "langsmith.usage_metadata",
          "mlflow.chat.tokenUsage",
          "mlflow.llm.cost",
          "braintrust.metrics",
          "metadata.usage_object",
          "cache_read_tokens",
          "cache_creation_tokens",
          "cost_usd");

  private static final Set<String> KEYS = keys();

  private StatedUsage() {}

  /** Whether the attribute is a count or a cost of a sender. Tallyspan's own are not. */
  public static boolean isIn(String key) {
    if (KEYS.contains(key)) {
      return true;
    }
    for (String prefix : PREFIXES) {
      if (key.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  private static Set<String> keys() {
    Set<String> keys = new HashSet<>(PAYLOADS);
    keys.addAll(ReportedCosts.keys());
    for (Dialect dialect : Dialects.ALL) {
      for (Rename<?> rename : dialect.renames()) {
        if (isUsage(rename.slot())) {
          keys.add(rename.key());
        }
      }
    }
    keys.removeIf(key -> key.startsWith("tallyspan."));
    return keys;
  }

  private static boolean isUsage(Slot<?> slot) {
    return slot.keyClass() == KeyClass.USAGE;
  }
}
