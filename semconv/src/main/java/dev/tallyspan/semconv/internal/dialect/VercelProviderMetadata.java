package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.TokenUsage.Semantics;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.span.Slot;
import java.util.Map;

/**
 * Reads {@code ai.response.providerMetadata}: what AI SDK's provider packages pass on beside its
 * own counts, keyed by the package. On an outer span it is that of the last step alone.
 */
final class VercelProviderMetadata {

  private static final String KEY = "ai.response.providerMetadata";

  private VercelProviderMetadata() {}

  static void read(IndexedSpan span, Draft out) {
    Json metadata = span.json(KEY);
    if (!metadata.truncated()) {
      for (Map.Entry<String, Json> entry : metadata.entries().entrySet()) {
        provider(entry.getKey(), entry.getValue(), out);
      }
    }
    semantics(span, out);
  }

  private static void provider(String name, Json values, Draft out) {
    offer(Slot.CACHE_READ_TOKENS, values.first("cachedPromptTokens", "cacheReadInputTokens"), out);
    offer(Slot.CACHE_READ_TOKENS, values.get("promptCacheHitTokens"), out);
    offer(Slot.CACHE_WRITE_TOKENS, values.get("cacheCreationInputTokens"), out);
    offer(Slot.REASONING_TOKENS, values.get("reasoningTokens"), out);
    offer(Slot.SERVICE_TIER, values.get("serviceTier"), out);
    Json usage = values.first("usage", "usageMetadata");
    offer(Slot.CACHE_READ_TOKENS, usage.get("cacheReadInputTokens"), out);
    offer(Slot.CACHE_WRITE_TOKENS, usage.get("cacheWriteInputTokens"), out);
    if (values.get("usageMetadata").isObject() || name.contains("nthropic")) {
      ResponsePayload.readUsage(usage, KEY, out);
    } else {
      ProviderFees.readUsage(usage, KEY, out);
    }
    ProviderFees.readResponse(values, KEY, out);
    if (name.equals("openrouter")) {
      out.reportedCost(usage.get("cost"), "USD", KEY);
    }
    if (name.equals("gateway")) {
      out.reportedCost(values.get("cost"), "USD", KEY);
      Json routing = values.get("routing");
      offer(Slot.PROVIDER, routing.first("finalProvider", "resolvedProvider"), out);
    }
  }

  /**
   * Up to version 5 the counts of Anthropic and Bedrock were copied; version 6 adds the cache
   * tokens and, since March 2026, says how many are uncached.
   */
  private static void semantics(IndexedSpan span, Draft out) {
    String provider = out.text(Slot.PROVIDER);
    boolean details = span.hasPrefix("ai.usage.inputTokenDetails.");
    boolean copied = "anthropic".equals(provider) || "aws.bedrock".equals(provider);
    out.semantics(copied && !details ? Semantics.PRESUMED_EXCLUSIVE : Semantics.PRESUMED_INCLUSIVE);
  }

  private static void offer(Slot<?> slot, Json value, Draft out) {
    if (value.isPresent()) {
      out.offerBlob(slot, value, KEY);
    }
  }
}
