package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.span.Slot;
import java.util.List;

/**
 * Spans that Anthropic's own SDKs write: the current conventions, and in addition what the
 * conventions have no name for. Their input count holds the cache tokens.
 */
final class AnthropicSdkDialect implements Dialect {

  private static final List<Rename<?>> RENAMES =
      List.of(
          Rename.of(
              "anthropic.usage.cache_creation.ephemeral_5m_input_tokens",
              Slot.CACHE_WRITE_5M_TOKENS),
          Rename.of(
              "anthropic.usage.cache_creation.ephemeral_1h_input_tokens",
              Slot.CACHE_WRITE_1H_TOKENS),
          Rename.of("anthropic.message.stop_reason", Slot.FINISH_REASONS),
          Rename.of("anthropic.response.service_tier", Slot.SERVICE_TIER));

  @Override
  public String id() {
    return "anthropic-sdk";
  }

  @Override
  public CacheCounts cacheCounts() {
    return CacheCounts.ADDED;
  }

  @Override
  public List<String> markers() {
    return List.of("anthropic.");
  }

  @Override
  public boolean recognises(IndexedSpan span) {
    return span.has("anthropic.request.id")
        || span.hasPrefix("anthropic.usage.")
        || span.hasPrefix("anthropic.message.")
        || span.hasPrefix("anthropic.response.")
        || span.isScope("com.anthropic.sdk");
  }

  @Override
  public List<Rename<?>> renames() {
    return RENAMES;
  }
}
