package dev.tallyspan.langchain4j;

import dev.langchain4j.model.ModelProvider;
import dev.tallyspan.semconv.TokenUsage;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/*
 * LangChain4j's own TokenUsage has two counts. Its provider modules add the rest in subclasses, each
 * with names of its own: OpenAiTokenUsage.inputTokensDetails().cachedTokens(),
 * AnthropicTokenUsage.cacheReadInputTokens(), BedrockTokenUsage.cacheWriteInputTokens(). The bridge
 * does not depend on those modules, of which there are many, and an application has one or two. So
 * the counts are read by the names of their public methods; a module that uses the same names later
 * is understood without a change here.
 *
 * What the input count means depends on the provider. Anthropic and Bedrock report it without cache
 * reads and writes, and LangChain4j passes it on as it is; all others include them.
 */
/** Reads token counts of LangChain4j. */
final class Usages {

  private Usages() {}

  static @Nullable TokenUsage of(
      @Nullable ModelProvider provider, dev.langchain4j.model.output.@Nullable TokenUsage usage) {
    if (usage == null || (usage.inputTokenCount() == null && usage.outputTokenCount() == null)) {
      return null;
    }
    long cacheRead =
        first(
            count(usage, "cacheReadInputTokens"),
            count(call(usage, "inputTokensDetails"), "cachedTokens"),
            count(usage, "cachedContentTokenCount"));
    long cacheWrite =
        first(count(usage, "cacheCreationInputTokens"), count(usage, "cacheWriteInputTokens"));
    long reasoning =
        first(
            count(call(usage, "outputTokensDetails"), "reasoningTokens"),
            count(usage, "reasoningTokens"));
    TokenUsage.Builder counts =
        exclusive(provider) ? TokenUsage.anthropic() : TokenUsage.inclusive();
    return counts
        .input(given(usage.inputTokenCount()))
        .output(given(usage.outputTokenCount()))
        .cacheRead(cacheRead)
        .cacheWrite(cacheWrite)
        .reasoning(reasoning)
        .build();
  }

  private static boolean exclusive(@Nullable ModelProvider provider) {
    return provider != null
        && switch (provider.name()) {
          case "ANTHROPIC", "AMAZON_BEDROCK", "GOOGLE_VERTEX_AI_ANTHROPIC" -> true;
          default -> false;
        };
  }

  private static long given(@Nullable Integer count) {
    return count == null ? TokenUsage.UNKNOWN : count;
  }

  private static long first(long... counts) {
    for (long count : counts) {
      if (count != TokenUsage.UNKNOWN) {
        return count;
      }
    }
    return TokenUsage.UNKNOWN;
  }

  private static long count(@Nullable Object source, String method) {
    return call(source, method) instanceof Number count ? count.longValue() : TokenUsage.UNKNOWN;
  }

  /** The result of a public method without parameters; null if there is no such method. */
  static @Nullable Object call(@Nullable Object source, String method) {
    if (source == null) {
      return null;
    }
    for (Method candidate : source.getClass().getMethods()) {
      if (candidate.getName().equals(method) && candidate.getParameterCount() == 0) {
        try {
          return candidate.invoke(source);
        } catch (ReflectiveOperationException e) {
          return null;
        }
      }
    }
    return null;
  }
}
