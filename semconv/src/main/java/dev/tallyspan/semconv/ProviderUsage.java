package dev.tallyspan.semconv;

/**
 * Reads the usage of a provider's raw response, each in its own words and with its own meaning:
 * OpenAI's APIs count cache tokens inside the input, Anthropic and Bedrock beside it; Gemini counts
 * thoughts beside the candidates. The sources are the providers' API references.
 */
final class ProviderUsage {

  private ProviderUsage() {}

  /**
   * The tokens in a {@code usage} object; null if it is none that is known. The words tell the
   * provider: {@code cache_read_input_tokens} is Anthropic's, {@code inputTokens} Bedrock's.
   */
  static TokenUsage read(Json usage) {
    if (!usage.isObject()) {
      return null;
    }
    if (usage.first("promptTokenCount", "prompt_token_count", "candidatesTokenCount").isPresent()) {
      return gemini(usage);
    }
    boolean anthropic =
        usage.first("cache_read_input_tokens", "cache_creation_input_tokens").isPresent()
            || usage.get("cache_creation").isObject();
    // LiteLLM puts Anthropic's words beside OpenAI's, after adding the cache tokens to the input.
    if (anthropic && !usage.get("prompt_tokens").isPresent()) {
      return anthropic(usage);
    }
    if (usage.first("cacheReadInputTokens", "cacheWriteInputTokens").isPresent()) {
      return TokenUsage.anthropic(
          usage.get("inputTokens").asCount(),
          usage.get("outputTokens").asCount(),
          usage.get("cacheReadInputTokens").asCount(),
          usage.get("cacheWriteInputTokens").asCount(),
          TokenUsage.UNKNOWN);
    }
    return usage.get("inputTextTokenCount").isPresent() ? titan(usage) : openAi(usage);
  }

  private static TokenUsage openAi(Json usage) {
    long input = usage.first("prompt_tokens", "input_tokens", "inputTokens").asCount();
    long output = usage.first("completion_tokens", "output_tokens", "outputTokens").asCount();
    if (input < 0 && output < 0) {
      return null;
    }
    Json in = usage.first("prompt_tokens_details", "input_tokens_details", "input_token_details");
    Json out =
        usage.first("completion_tokens_details", "output_tokens_details", "output_token_details");
    long cacheRead = in.first("cached_tokens", "cache_read").asCount();
    if (cacheRead < 0) {
      // DeepSeek, LiteLLM
      cacheRead = usage.first("prompt_cache_hit_tokens", "cache_read_input_tokens").asCount();
    }
    long cacheWrite =
        in.first("cache_write_tokens", "cache_creation_tokens", "cache_creation").asCount();
    Json byLifetime = in.get("cache_creation_token_details");
    return TokenUsage.builder()
        .input(input)
        .output(output)
        .cacheRead(cacheRead)
        .cacheWrite(
            cacheWrite < 0 ? usage.get("cache_creation_input_tokens").asCount() : cacheWrite)
        .cacheWrite5m(byLifetime.get("ephemeral_5m_input_tokens").asCount())
        .cacheWrite1h(byLifetime.get("ephemeral_1h_input_tokens").asCount())
        .reasoning(out.first("reasoning_tokens", "reasoning").asCount())
        .build();
  }

  private static TokenUsage anthropic(Json usage) {
    Json byLifetime = usage.get("cache_creation");
    long write = usage.get("cache_creation_input_tokens").asCount();
    long for5m = byLifetime.get("ephemeral_5m_input_tokens").asCount();
    long for1h = byLifetime.get("ephemeral_1h_input_tokens").asCount();
    if (write < 0) {
      write =
          for5m < 0 && for1h < 0
              ? TokenUsage.UNKNOWN
              : TokenUsage.known(for5m) + TokenUsage.known(for1h);
    }
    long read = usage.get("cache_read_input_tokens").asCount();
    long input = usage.get("input_tokens").asCount();
    return TokenUsage.builder()
        .input(input < 0 ? input : input + TokenUsage.known(read) + TokenUsage.known(write))
        .output(usage.get("output_tokens").asCount())
        .cacheRead(read)
        .cacheWrite(write)
        .cacheWrite5m(for5m)
        .cacheWrite1h(for1h)
        .build();
  }

  /** Titan's response as a whole: texts have a count each, embeddings none. */
  private static TokenUsage titan(Json response) {
    long output = response.get("results").size() == 0 ? TokenUsage.UNKNOWN : 0;
    for (Json result : response.get("results")) {
      output += TokenUsage.known(result.get("tokenCount").asCount());
    }
    return TokenUsage.inclusive(
        response.get("inputTextTokenCount").asCount(),
        output,
        TokenUsage.UNKNOWN,
        TokenUsage.UNKNOWN,
        TokenUsage.UNKNOWN);
  }

  private static TokenUsage gemini(Json usage) {
    return TokenUsage.gemini(
        usage.first("promptTokenCount", "prompt_token_count").asCount(),
        usage.first("candidatesTokenCount", "candidates_token_count").asCount(),
        usage.first("thoughtsTokenCount", "thoughts_token_count").asCount(),
        usage.first("toolUsePromptTokenCount", "tool_use_prompt_token_count").asCount(),
        usage.first("cachedContentTokenCount", "cached_content_token_count").asCount());
  }
}
