package dev.tallyspan.semconv.span;

import dev.tallyspan.semconv.TokenUsage;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that a provider bills with a call, but separately from the call's own tokens: a tool or an
 * advisor that ran on another model, or an earlier pass of the same model whose size determines its
 * own price.
 *
 * @param what what used the tokens, by the provider's name: {@code image_gen}, {@code compaction}
 * @param model the model that used the tokens; null = the model of the call
 * @param usage the tokens
 */
public record SideUsage(String what, @Nullable String model, TokenUsage usage) {

  /** {@return the counts, as in {@link LlmSpan#billableCounts}} */
  public Map<String, Long> billableCounts() {
    Map<String, Long> counts = new LinkedHashMap<>();
    forEachBillableCount(counts::put);
    return counts;
  }

  /**
   * Passes the name and quantity of each of {@link #billableCounts} to the consumer, without
   * creating a map.
   *
   * @param counts receives name and quantity of each
   */
  public void forEachBillableCount(ObjLongConsumer<String> counts) {
    usage.forEachDisjointCount(counts);
  }
}
