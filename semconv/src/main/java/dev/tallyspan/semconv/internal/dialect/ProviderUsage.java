package dev.tallyspan.semconv.internal.dialect;

import static dev.tallyspan.semconv.TokenUsage.UNKNOWN;
import static dev.tallyspan.semconv.TokenUsage.known;

import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.TokenUsage.Modalities;
import dev.tallyspan.semconv.internal.json.Json;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads the usage of a provider's raw response, each in its own words and with its own meaning:
 * OpenAI's APIs include cache tokens in the input, Anthropic and Bedrock exclude them; Gemini
 * excludes thoughts from the candidates. The sources are the providers' API references.
 */
final class ProviderUsage {

  private ProviderUsage() {}

  /**
   * The tokens in a {@code usage} object; null if it is none that is known. The words tell the
   * provider: {@code cache_read_input_tokens} is Anthropic's, {@code inputTokens} Bedrock's.
   */
  static @Nullable TokenUsage read(Json usage) {
    if (!usage.isObject()) {
      return null;
    }
    if (isGemini(usage)) {
      return gemini(usage);
    }
    boolean anthropic =
        usage.first("cache_read_input_tokens", "cache_creation_input_tokens").isPresent()
            || usage.get("cache_creation").isObject();
    // LiteLLM adds Anthropic's members to OpenAI's, after adding the cache tokens to the input.
    if (anthropic && !usage.get("prompt_tokens").isPresent()) {
      return anthropic(usage);
    }
    if (usage.first("cacheReadInputTokens", "cacheWriteInputTokens").isPresent()) {
      return bedrock(usage);
    }
    if (usage.get("billed_units").isObject()) {
      return cohere(usage.get("billed_units"));
    }
    return usage.get("inputTextTokenCount").isPresent() ? titan(usage) : openAi(usage);
  }

  private static boolean isGemini(Json usage) {
    return usage
        .first(
            "promptTokenCount",
            "prompt_token_count",
            "candidatesTokenCount",
            "candidates_token_count",
            "responseTokenCount",
            "response_token_count")
        .isPresent();
  }

  private static @Nullable TokenUsage openAi(Json usage) {
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
      // LangChain, on a tier of OpenAI's
      cacheRead = in.first("flex_cache_read", "priority_cache_read").asCount();
    }
    if (cacheRead < 0) {
      // DeepSeek, LiteLLM, Moonshot
      cacheRead =
          usage
              .first("prompt_cache_hit_tokens", "cache_read_input_tokens", "cached_tokens")
              .asCount();
    }
    long cacheWrite =
        in.first("cache_write_tokens", "cache_creation_tokens", "cache_creation").asCount();
    Json byLifetime = in.get("cache_creation_token_details");
    long reasoning = out.first("reasoning_tokens", "reasoning").asCount();
    if (reasoning < 0) {
      reasoning = out.first("flex_reasoning", "priority_reasoning").asCount();
    }
    if (reasoning < 0) {
      reasoning = usage.get("reasoning_tokens").asCount(); // Perplexity, Groq
    }
    if (reasoning > 0 && isBeside(reasoning, input, output, usage)) {
      output += reasoning;
    }
    return TokenUsage.inclusive()
        .input(input)
        .output(output)
        .cacheRead(cacheRead)
        .cacheWrite(
            cacheWrite < 0 ? usage.get("cache_creation_input_tokens").asCount() : cacheWrite)
        .cacheWrite5m(first(byLifetime, in, "ephemeral_5m_input_tokens"))
        .cacheWrite1h(first(byLifetime, in, "ephemeral_1h_input_tokens"))
        .reasoning(reasoning)
        .inputModalities(members(in))
        .outputModalities(members(out))
        .cacheReadModalities(members(in.first("cached_tokens_details", "cached_token_details")))
        .build();
  }

  /**
   * Whether reasoning is beside the output, as with Perplexity, which also counts citations, and
   * with xAI: told by its size, by the total, or by the words.
   */
  private static boolean isBeside(long reasoning, long input, long output, Json usage) {
    long total = usage.get("total_tokens").asCount();
    return output >= 0
        && (reasoning > output
            || input >= 0 && total == input + output + reasoning
            || usage.get("citation_tokens").isPresent()
                && usage.get("reasoning_tokens").isPresent());
  }

  private static TokenUsage anthropic(Json usage) {
    Json byLifetime = usage.get("cache_creation");
    long write = usage.get("cache_creation_input_tokens").asCount();
    long for5m = byLifetime.get("ephemeral_5m_input_tokens").asCount();
    long for1h = byLifetime.get("ephemeral_1h_input_tokens").asCount();
    if (write < 0) {
      write = sum(for5m, for1h);
    }
    long read = usage.get("cache_read_input_tokens").asCount();
    long input = usage.get("input_tokens").asCount();
    return TokenUsage.inclusive()
        .input(input < 0 ? input : input + known(read) + known(write))
        .output(usage.get("output_tokens").asCount())
        .cacheRead(read)
        .cacheWrite(write)
        .cacheWrite5m(for5m)
        .cacheWrite1h(for1h)
        .build();
  }

  private static TokenUsage bedrock(Json usage) {
    long read = usage.get("cacheReadInputTokens").asCount();
    long write = usage.get("cacheWriteInputTokens").asCount();
    long input = usage.get("inputTokens").asCount();
    long for5m = UNKNOWN;
    long for1h = UNKNOWN;
    for (Json detail : usage.get("cacheDetails")) {
      long count = detail.get("inputTokens").asCount();
      if ("1h".equals(detail.get("ttl").text())) {
        for1h = sum(for1h, count);
      } else if ("5m".equals(detail.get("ttl").text())) {
        for5m = sum(for5m, count);
      }
    }
    return TokenUsage.inclusive()
        .input(input < 0 ? input : input + known(read) + known(write))
        .output(usage.get("outputTokens").asCount())
        .cacheRead(read)
        .cacheWrite(write)
        .cacheWrite5m(for5m)
        .cacheWrite1h(for1h)
        .build();
  }

  /** What Cohere bills, which is less than the model read: its own preamble is not billed. */
  private static @Nullable TokenUsage cohere(Json billed) {
    long input = billed.get("input_tokens").asCount();
    long output = billed.get("output_tokens").asCount();
    return input < 0 && output < 0
        ? null
        : TokenUsage.inclusive().input(input).output(output).build();
  }

  /** Titan's response as a whole: texts have a count each, embeddings none. */
  private static TokenUsage titan(Json response) {
    long output = response.get("results").size() == 0 ? UNKNOWN : 0;
    for (Json result : response.get("results")) {
      output += known(result.get("tokenCount").asCount());
    }
    return TokenUsage.inclusive()
        .input(response.get("inputTextTokenCount").asCount())
        .output(output)
        .build();
  }

  /**
   * Gemini's {@code usageMetadata}, of Google's APIs in camel case and of its Python SDK in snake
   * case. The candidates exclude thoughts, unless prompt and candidates add up to the total.
   */
  private static TokenUsage gemini(Json usage) {
    long prompt = usage.first("promptTokenCount", "prompt_token_count").asCount();
    long candidates =
        usage
            .first(
                "candidatesTokenCount",
                "candidates_token_count",
                "responseTokenCount",
                "response_token_count")
            .asCount();
    long thoughts = usage.first("thoughtsTokenCount", "thoughts_token_count").asCount();
    long tools = usage.first("toolUsePromptTokenCount", "tool_use_prompt_token_count").asCount();
    long total = usage.first("totalTokenCount", "total_token_count").asCount();
    long input = sum(prompt, tools);
    boolean inside = thoughts > 0 && total > 0 && total == known(input) + known(candidates);
    Json toolDetails = usage.first("toolUsePromptTokensDetails", "tool_use_prompt_tokens_details");
    return TokenUsage.inclusive()
        .input(input)
        .output(inside ? candidates : sum(candidates, thoughts))
        .cacheRead(usage.first("cachedContentTokenCount", "cached_content_token_count").asCount())
        .reasoning(thoughts)
        .inputModalities(
            list(usage.first("promptTokensDetails", "prompt_tokens_details"))
                .plus(list(toolDetails)))
        .outputModalities(
            list(
                usage.first(
                    "candidatesTokensDetails",
                    "candidates_tokens_details",
                    "responseTokensDetails",
                    "response_tokens_details")))
        .cacheReadModalities(list(usage.first("cacheTokensDetails", "cache_tokens_details")))
        .build();
  }

  /**
   * {@code {text_tokens, image_tokens, …}}, as OpenAI's APIs have it; {@code {audio: …}}, as
   * LangChain does.
   */
  private static Modalities members(Json details) {
    return new Modalities(
        details.first("text_tokens", "text").asCount(),
        details.first("image_tokens", "image").asCount(),
        details.first("audio_tokens", "audio").asCount(),
        details.first("video_tokens", "video").asCount());
  }

  /** {@code [{modality: AUDIO, tokenCount: 25}]}, as Gemini has it. */
  private static Modalities list(Json details) {
    Modalities sums = Modalities.NOT_KNOWN;
    for (Json detail : details) {
      long count = detail.first("tokenCount", "token_count").asCount();
      sums =
          sums.plus(
              switch (modality(detail)) {
                case "TEXT", "DOCUMENT" -> new Modalities(count, UNKNOWN, UNKNOWN, UNKNOWN);
                case "IMAGE" -> new Modalities(UNKNOWN, count, UNKNOWN, UNKNOWN);
                case "AUDIO" -> new Modalities(UNKNOWN, UNKNOWN, count, UNKNOWN);
                case "VIDEO" -> new Modalities(UNKNOWN, UNKNOWN, UNKNOWN, count);
                default -> Modalities.NOT_KNOWN;
              });
    }
    return sums;
  }

  /** The name in capitals; Python may print the class of the enum before it. */
  static String modality(Json detail) {
    String name = detail.get("modality").asText();
    return name == null ? "" : name.substring(name.lastIndexOf('.') + 1).toUpperCase(Locale.ROOT);
  }

  private static long first(Json nested, Json flat, String name) {
    return (nested.get(name).isPresent() ? nested : flat).get(name).asCount();
  }

  private static long sum(long a, long b) {
    return a == UNKNOWN && b == UNKNOWN ? UNKNOWN : known(a) + known(b);
  }
}
