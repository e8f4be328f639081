package dev.tallyspan.semconv.span;

import dev.tallyspan.semconv.TokenUsage;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that a provider bills with a call, but apart from its own: a tool or an advisor that ran
 * on another model, or an earlier pass of the same model whose size decides its price by itself.
 *
 * @param what what used them, in the provider's word: {@code image_gen}, {@code compaction}
 * @param model the model that used them; null for the model of the call
 * @param usage the tokens
 */
public record SideUsage(String what, @Nullable String model, TokenUsage usage) {

  /** As {@link LlmSpan#billableCounts} has them. */
  public Map<String, Long> billableCounts() {
    Map<String, Long> counts = new LinkedHashMap<>();
    forEachBillableCount(counts::put);
    return counts;
  }

  /** Gives each of {@link #billableCounts}, name and quantity, without a map. */
  public void forEachBillableCount(ObjLongConsumer<String> counts) {
    usage.forEachDisjointCount(counts);
  }
}
