package dev.tallyspan.googlegenai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.TokenUsage.Modalities;
import org.jspecify.annotations.Nullable;

/**
 * Gemini's token counts. The prompt includes what is cached, but not the results of tools that
 * Google runs; the candidates do not include thoughts.
 */
final class Usage {

  private Usage() {}

  /** Returns null if there are none. */
  static @Nullable TokenUsage of(JsonNode usage) {
    if (!usage.isObject()) {
      return null;
    }
    long prompt = Json.count(usage, "promptTokenCount");
    long tools = Json.count(usage, "toolUsePromptTokenCount");
    long candidates = Json.count(usage, "candidatesTokenCount");
    long thoughts = Json.count(usage, "thoughtsTokenCount");
    long total = Json.count(usage, "totalTokenCount");
    // Some versions of Vertex AI count thoughts among the candidates, which only the sum shows.
    boolean inside =
        thoughts > 0
            && candidates >= thoughts
            && total == Math.max(prompt, 0) + Math.max(tools, 0) + candidates;
    return TokenUsage.gemini()
        .input(prompt)
        .toolUseInput(tools)
        .cacheRead(Json.count(usage, "cachedContentTokenCount"))
        .output(inside ? candidates - thoughts : candidates)
        .reasoning(thoughts)
        .inputModalities(
            modalities(usage.path("promptTokensDetails"), usage.path("toolUsePromptTokensDetails")))
        .cacheReadModalities(modalities(usage.path("cacheTokensDetails")))
        .outputModalities(modalities(usage.path("candidatesTokensDetails")))
        .build();
  }

  /** The sums of lists of counts. */
  private static Modalities modalities(JsonNode... lists) {
    return new Modalities(
        sum("TEXT", lists), sum("IMAGE", lists), sum("AUDIO", lists), sum("VIDEO", lists));
  }

  private static long sum(String modality, JsonNode... lists) {
    long sum = TokenUsage.UNKNOWN;
    for (JsonNode list : lists) {
      for (JsonNode entry : list) {
        long count = Json.count(entry, "tokenCount");
        if (modality.equals(Json.text(entry, "modality")) && count >= 0) {
          sum = Math.max(sum, 0) + count;
        }
      }
    }
    return sum;
  }
}
