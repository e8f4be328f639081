package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.internal.json.Json;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds what a provider's {@code usage} object counts and no rule here reads: the counts that a new
 * API adds before Tallyspan knows it.
 */
final class UnreadMembers {

  private static final int MAX_DEPTH = 4;

  private static final Pattern COUNTS =
      Pattern.compile(
          "(?:.*_)?(?:tokens?|count|units?|requests|searches|queries|calls|seconds|characters"
              + "|pages|images)|.*(?:Tokens|Count|Units|Requests|Searches|Queries|Calls|Seconds"
              + "|Characters|Pages|Images)");

  /** Members that are read, or repeat or divide what is. */
  private static final Set<String> KNOWN =
      Set.of(
          "prompt_tokens",
          "completion_tokens",
          "input_tokens",
          "output_tokens",
          "total_tokens",
          "inputTokens",
          "outputTokens",
          "totalTokens",
          "promptTokens",
          "completionTokens",
          "cached_tokens",
          "cachedTokens",
          "cachedInputTokens",
          "reasoning_tokens",
          "reasoningTokens",
          "thinking_tokens",
          "citation_tokens",
          "text_tokens",
          "image_tokens",
          "audio_tokens",
          "video_tokens",
          "accepted_prediction_tokens",
          "rejected_prediction_tokens",
          "prompt_cache_hit_tokens",
          "prompt_cache_miss_tokens",
          "cache_write_tokens",
          "cache_creation_tokens",
          "cache_read_tokens",
          "cache_read_input_tokens",
          "cache_creation_input_tokens",
          "ephemeral_5m_input_tokens",
          "ephemeral_1h_input_tokens",
          "cacheReadInputTokens",
          "cacheWriteInputTokens",
          "cacheReadInputTokenCount",
          "cacheWriteInputTokenCount",
          "inputTextTokenCount",
          "promptTokenCount",
          "prompt_token_count",
          "candidatesTokenCount",
          "candidates_token_count",
          "responseTokenCount",
          "response_token_count",
          "thoughtsTokenCount",
          "thoughts_token_count",
          "toolUsePromptTokenCount",
          "tool_use_prompt_token_count",
          "cachedContentTokenCount",
          "cached_content_token_count",
          "totalTokenCount",
          "total_token_count",
          "num_search_queries",
          "seconds",
          "prompt_audio_seconds");

  /** Objects that are read as a whole, or hold no counts. */
  private static final Set<String> READ =
      Set.of(
          "iterations",
          "server_tool_use",
          "billed_units",
          "tokens", // Cohere: what was used, which is not what is billed
          "server_side_tool_usage_details",
          "raw", // AI SDK: the same in the provider's words
          "cost",
          "cost_details",
          "costDetails");

  private final Draft out;
  private final String key;
  private final TokenUsage read;

  private UnreadMembers(TokenUsage read, String key, Draft out) {
    this.read = read;
    this.key = key;
    this.out = out;
  }

  /**
   * Names each count in {@code usage} that is not read. If one of the members is a usage of its
   * own, the bill lacks it.
   *
   * @param read what was read of it
   */
  static void note(Json usage, TokenUsage read, String key, Draft out) {
    new UnreadMembers(read, key, out).walk(usage, "", 0);
  }

  private void walk(Json object, String path, int depth) {
    for (Map.Entry<String, Json> member : object.entries().entrySet()) {
      String name = member.getKey();
      Json value = member.getValue();
      if (READ.contains(name) || KNOWN.contains(name) || depth > MAX_DEPTH) {
        continue;
      }
      if (value.isObject()) {
        TokenUsage inner = isDetails(name) ? null : ProviderUsage.read(value);
        if (inner != null && isAnother(inner)) {
          out.unread(key + "#" + path + name, TokenUsage.known(inner.input() + inner.output()));
          out.gap(name + ": a usage of its own that no rule reads");
        } else {
          walk(value, path + name + ".", depth + 1);
        }
      } else if (value.asCount() > 0 && COUNTS.matcher(name).matches()) {
        out.unread(key + "#" + path + name, value.asCount());
      }
    }
  }

  private boolean isAnother(TokenUsage inner) {
    return TokenUsage.known(inner.input() + inner.output()) > 0
        && !(inner.input() == read.input() && inner.output() == read.output());
  }

  private static boolean isDetails(String name) {
    return name.endsWith("_details") || name.endsWith("Details");
  }
}
