package dev.tallyspan.semconv;

import dev.tallyspan.semconv.TokenUsage.Semantics;
import java.util.List;
import java.util.Set;

/**
 * What is known of emitters: whether the input count that they write holds the cache tokens. Asked
 * only where the numbers on the span prove nothing.
 */
final class CacheConventions {

  /** Whose APIs count cache tokens beside the input. */
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

  /** What an emitter does with the counts of those APIs. */
  private enum Emitter {
    /** Adds the cache tokens. */
    CONVERTS,
    /** Copies the provider's count. */
    COPIES
  }

  /**
   * A row: what spans of this dialect hold.
   *
   * @param dialect the dialect's id
   * @param emitter what it does with counts of APIs that count beside
   */
  private record Row(String dialect, Emitter emitter) {}

  private static final List<Row> ROWS =
      List.of(
          new Row("openlit", Emitter.COPIES),
          new Row("spring-ai", Emitter.COPIES),
          new Row("langchain4j", Emitter.COPIES),
          new Row("quarkus", Emitter.COPIES),
          new Row("claude-code", Emitter.COPIES),
          new Row("envoy", Emitter.COPIES),
          new Row("openinference", Emitter.CONVERTS),
          new Row("openllmetry", Emitter.CONVERTS),
          new Row("langsmith", Emitter.CONVERTS),
          new Row("braintrust", Emitter.CONVERTS),
          new Row("mastra", Emitter.CONVERTS),
          new Row("litellm", Emitter.CONVERTS),
          new Row("pydantic-ai", Emitter.CONVERTS),
          new Row("logfire", Emitter.CONVERTS),
          new Row("openrouter", Emitter.CONVERTS),
          new Row("copilot", Emitter.CONVERTS),
          new Row("codex", Emitter.CONVERTS),
          new Row("gemini-cli", Emitter.CONVERTS),
          new Row("google-adk", Emitter.CONVERTS),
          new Row("strands", Emitter.CONVERTS),
          new Row("anthropic-sdk", Emitter.CONVERTS),
          new Row("otel", Emitter.CONVERTS));

  /** Dialects whose emitters write to the cache for five minutes and for an hour, by turns. */
  private static final Set<String> MIX_LIFETIMES = Set.of("claude-code");

  private CacheConventions() {}

  /** Whether cache writes of unknown lifetime may be of either, in spans of these dialects. */
  static boolean mixesLifetimes(List<String> dialects) {
    for (String dialect : dialects) {
      if (MIX_LIFETIMES.contains(dialect)) {
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
  static Semantics of(List<String> dialects, String provider, String model) {
    boolean beside = countsBeside(provider, model);
    // An emitter that writes the conventions' keys with another meaning is told by its own marks,
    // so every other dialect on the span is asked before the conventions themselves.
    for (Row row : ROWS) {
      if (dialects.contains(row.dialect)) {
        return row.emitter == Emitter.COPIES && beside
            ? Semantics.PRESUMED_EXCLUSIVE
            : Semantics.PRESUMED_INCLUSIVE;
      }
    }
    // Whoever copies from a provider that counts inside gives the right count as well.
    return !beside && provider != null && COUNT_INSIDE.contains(provider)
        ? Semantics.PRESUMED_INCLUSIVE
        : null;
  }

  /** Whether the API behind the call counts cache tokens beside the input. */
  private static boolean countsBeside(String provider, String model) {
    if (provider != null && COUNT_BESIDE.contains(provider)) {
      return true;
    }
    // Clouds that pass Anthropic's API on, counts included.
    return (provider == null || MAY_HOST_CLAUDE.contains(provider))
        && model != null
        && (model.startsWith("claude") || model.contains("anthropic."));
  }
}
