package dev.tallyspan.spring;

import com.openai.models.completions.CompletionUsage;
import dev.tallyspan.semconv.GenAiAttributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.anthropic.api.AnthropicApi;
import org.springframework.ai.openai.api.OpenAiApi;
import org.springframework.util.ClassUtils;

/**
 * Reads the tokens that Spring AI drops from the usage that the provider reported: reads and writes
 * of a cache, and reasoning. Which providers' classes there are depends on the application.
 */
final class CacheTokens {

  private final List<NativeUsage> known = new ArrayList<>();

  CacheTokens() {
    add("org.springframework.ai.openai.api.OpenAiApi$Usage", CacheTokens::openAi);
    add("org.springframework.ai.anthropic.api.AnthropicApi$Usage", CacheTokens::anthropic);
    add("com.openai.models.completions.CompletionUsage", CacheTokens::openAiClient);
  }

  private void add(String type, NativeUsage reader) {
    if (ClassUtils.isPresent(type, CacheTokens.class.getClassLoader())) {
      known.add(reader);
    }
  }

  void write(@Nullable Object usage, ObservedSpan span) {
    if (usage != null) {
      for (NativeUsage reader : known) {
        if (reader.read(usage, span)) {
          return;
        }
      }
    }
  }

  private static boolean openAi(Object usage, ObservedSpan span) {
    if (!(usage instanceof OpenAiApi.Usage reported)) {
      return false;
    }
    OpenAiApi.Usage.PromptTokensDetails input = reported.promptTokensDetails();
    if (input != null) {
      cacheRead(input.cachedTokens(), span);
    }
    OpenAiApi.Usage.CompletionTokenDetails output = reported.completionTokenDetails();
    if (output != null) {
      reasoning(output.reasoningTokens(), span);
    }
    return true;
  }

  private static boolean openAiClient(Object usage, ObservedSpan span) {
    if (!(usage instanceof CompletionUsage reported)) {
      return false;
    }
    reported
        .promptTokensDetails()
        .flatMap(CompletionUsage.PromptTokensDetails::cachedTokens)
        .ifPresent(tokens -> cacheRead(tokens, span));
    reported
        .completionTokensDetails()
        .flatMap(CompletionUsage.CompletionTokensDetails::reasoningTokens)
        .ifPresent(tokens -> reasoning(tokens, span));
    return true;
  }

  private static boolean anthropic(Object usage, ObservedSpan span) {
    if (!(usage instanceof AnthropicApi.Usage reported)) {
      return false;
    }
    cacheRead(reported.cacheReadInputTokens(), span);
    Integer written = reported.cacheCreationInputTokens();
    if (written != null && written > 0) {
      span.set(GenAiAttributes.GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS.getKey(), written);
    }
    return true;
  }

  private static void cacheRead(@Nullable Number tokens, ObservedSpan span) {
    if (tokens != null && tokens.longValue() > 0) {
      span.set(GenAiAttributes.GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS.getKey(), tokens.longValue());
    }
  }

  private static void reasoning(@Nullable Number tokens, ObservedSpan span) {
    if (tokens != null && tokens.longValue() > 0) {
      span.set(GenAiAttributes.GEN_AI_USAGE_REASONING_OUTPUT_TOKENS.getKey(), tokens.longValue());
    }
  }

  /** Reads the usage of one client. */
  private interface NativeUsage {

    /** Returns whether it is a usage of this client. */
    boolean read(Object usage, ObservedSpan span);
  }
}
