package dev.tallyspan.semconv.internal.judge;

import dev.tallyspan.semconv.TokenUsage.Semantics;
import dev.tallyspan.semconv.internal.dialect.CacheCounts;
import dev.tallyspan.semconv.internal.dialect.Dialect;
import dev.tallyspan.semconv.internal.dialect.Dialects;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether the input count on a span holds the cache tokens, by what is known of its provider and of
 * the emitters of its dialects ({@link Dialect#cacheCounts}). Asked only where the numbers on the
 * span prove nothing.
 */
final class CacheConventions {

  /** Providers whose APIs exclude cache tokens from the input. */
  private static final Set<String> COUNT_BESIDE = Set.of("anthropic", "aws.bedrock");

  /** Whose APIs count cache tokens inside the input. */
  private static final Set<String> COUNT_INSIDE =
      Set.of(
          "openai",
          "azure.ai.openai",
          "gcp.gemini",
          "gcp.vertex_ai",
          "gcp.gen_ai",
          "deepseek",
          "x_ai",
          "mistral_ai",
          "groq",
          "moonshot_ai");

  private static final Set<String> MAY_HOST_CLAUDE =
      Set.of("gcp.vertex_ai", "gcp.gen_ai", "azure.ai.inference");

  private CacheConventions() {}

  /** Whether cache writes of unknown lifetime may be of either, in spans of these dialects. */
  static boolean mixesLifetimes(List<String> dialects) {
    for (String id : dialects) {
      Dialect dialect = Dialects.of(id);
      if (dialect != null && dialect.mixesCacheLifetimes()) {
        return true;
      }
    }
    return false;
  }

  /**
   * The presumption for a span; null if nothing is known.
   *
   * @param dialects those that the span is written in
   * @param provider the provider; null if not known
   * @param model the model; null if not known
   */
  static @Nullable Semantics of(
      List<String> dialects, @Nullable String provider, @Nullable String model) {
    boolean beside = countsBeside(provider, model);
    // An emitter that writes the conventions' keys with another meaning is recognised by its own
    // marks, so an emitter that copies counts decides, regardless of the other dialects of the
    // span.
    CacheCounts counts = CacheCounts.UNKNOWN;
    for (String id : dialects) {
      Dialect dialect = Dialects.of(id);
      CacheCounts own = dialect == null ? CacheCounts.UNKNOWN : dialect.cacheCounts();
      if (own == CacheCounts.COPIED || counts == CacheCounts.UNKNOWN) {
        counts = own;
      }
    }
    if (counts != CacheCounts.UNKNOWN) {
      return counts == CacheCounts.COPIED && beside
          ? Semantics.PRESUMED_EXCLUSIVE
          : Semantics.PRESUMED_INCLUSIVE;
    }
    // Emitters that copy from a provider whose count is inclusive are right as well.
    return !beside && provider != null && COUNT_INSIDE.contains(provider)
        ? Semantics.PRESUMED_INCLUSIVE
        : null;
  }

  /** Whether the API that was called excludes cache tokens from the input. */
  private static boolean countsBeside(@Nullable String provider, @Nullable String model) {
    if (provider != null && COUNT_BESIDE.contains(provider)) {
      return true;
    }
    // Clouds that pass Anthropic's API on, counts included.
    return (provider == null || MAY_HOST_CLAUDE.contains(provider))
        && model != null
        && (model.startsWith("claude") || model.contains("anthropic."));
  }
}
