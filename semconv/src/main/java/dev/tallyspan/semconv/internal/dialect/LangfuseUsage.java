package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.json.Scalars;
import dev.tallyspan.semconv.span.Slot;
import io.opentelemetry.api.common.Value;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;

/**
 * Reads Langfuse's {@code usage_details}: a map from any name to a count. Its counts are disjoint,
 * as Langfuse's documentation of usage types has it: the input is the sum of all whose name has
 * "input" in it, the output likewise. OpenAI's and Anthropic's own usage objects are accepted in
 * its place and mean what they mean there. A total shows users who write inclusive counts all the
 * same.
 */
final class LangfuseUsage {

  private long input = 0;
  private long output = 0;
  private long cacheRead = 0;
  private long cacheWrite = 0;
  private long reasoning = 0;
  private long cachedByModality = 0;
  private boolean inputByModality = false;
  private long inputParts = 0;
  private long outputParts = 0;
  private boolean any = false;

  private LangfuseUsage() {}

  static void read(Json details, String key, Draft out) {
    if (!details.isObject()) {
      return;
    }
    boolean ofProvider =
        details.first("prompt_tokens", "completion_tokens", "promptTokenCount").isPresent()
            || details.get("input_tokens").isPresent() && !details.get("input").isPresent();
    if (ofProvider) {
      ResponsePayload.readUsage(details, key, out);
      return;
    }
    LangfuseUsage usage = new LangfuseUsage();
    details
        .entries()
        .forEach((name, count) -> usage.add(name.toLowerCase(Locale.ROOT), count, key, out));
    usage.offerTo(out, details.get("total").asCount(), key);
  }

  private void add(String name, Json value, String key, Draft out) {
    long count = value.asCount();
    if (count < 0) {
      return;
    }
    if (name.equals("input")) {
      input = count;
    } else if (name.equals("output")) {
      output = count;
    } else if (name.contains("input")) {
      addInputPart(name, count, key, out);
    } else if (name.contains("output")) {
      outputParts += count;
      reasoning += name.contains("reasoning") ? count : 0;
      if (name.contains("audio")) {
        offer(out, Slot.AUDIO_OUTPUT_TOKENS, count, key);
      } else if (name.contains("image")) {
        offer(out, Slot.IMAGE_OUTPUT_TOKENS, count, key);
      } else if (name.contains("video")) {
        offer(out, Slot.VIDEO_OUTPUT_TOKENS, count, key);
      }
    } else if (name.startsWith("cached_modality_")) {
      cachedByModality += count;
      addCacheRead(name, count, key, out);
    } else {
      return;
    }
    any = true;
  }

  private void addInputPart(String name, long count, String key, Draft out) {
    inputParts += count;
    inputByModality |= name.contains("modality");
    if (name.contains("creation") || name.contains("write")) {
      cacheWrite += count;
      if (name.contains("5m")) {
        offer(out, Slot.CACHE_WRITE_5M_TOKENS, count, key);
      } else if (name.contains("1h")) {
        offer(out, Slot.CACHE_WRITE_1H_TOKENS, count, key);
      }
    } else if (name.contains("cache")) {
      addCacheRead(name, count, key, out);
    } else if (name.contains("audio")) {
      offer(out, Slot.AUDIO_INPUT_TOKENS, count, key);
    } else if (name.contains("image")) {
      offer(out, Slot.IMAGE_INPUT_TOKENS, count, key);
    } else if (name.contains("video")) {
      offer(out, Slot.VIDEO_INPUT_TOKENS, count, key);
    }
  }

  private void addCacheRead(String name, long count, String key, Draft out) {
    cacheRead += count;
    if (name.contains("audio")) {
      offer(out, Slot.AUDIO_CACHE_READ_TOKENS, count, key);
    } else if (name.contains("image")) {
      offer(out, Slot.IMAGE_CACHE_READ_TOKENS, count, key);
    }
  }

  /**
   * Whether the cached tokens of each modality are excluded from the other counts. LangChain's
   * handler takes it off the input, of which nothing is left where all of it is by modality.
   */
  private boolean isCachedBeside(long total) {
    return total < 0
        ? !inputByModality
        : total == input + inputParts + cachedByModality + output + outputParts;
  }

  private void offerTo(Draft out, long total, String key) {
    if (!any || out.has(Slot.INPUT_TOKENS) || out.has(Slot.OUTPUT_TOKENS)) {
      return;
    }
    if (cachedByModality > 0 && isCachedBeside(total)) {
      inputParts += cachedByModality;
    }
    long allInput = input + inputParts;
    long allOutput = output + outputParts;
    boolean disjoint = total < 0 || total == allInput + allOutput;
    boolean partsInInput =
        !disjoint && inputParts <= input && (total == input + allOutput || total == input + output);
    boolean partsInOutput =
        !disjoint
            && outputParts <= output
            && (total == allInput + output || total == input + output);
    offer(out, Slot.OUTPUT_TOKENS, partsInOutput ? output : allOutput, key);
    offer(out, Slot.CACHE_READ_TOKENS, cacheRead, key);
    offer(out, Slot.CACHE_WRITE_TOKENS, cacheWrite, key);
    offer(out, Slot.REASONING_TOKENS, reasoning, key);
    if (partsInInput) {
      offer(out, Slot.INPUT_TOKENS, input, key);
      out.semantics(TokenUsage.Semantics.PROVEN_INCLUSIVE);
    } else {
      offer(out, Slot.INPUT_TOKENS, allInput - cacheRead - cacheWrite, key);
      out.semantics(
          total >= 0 && disjoint
              ? TokenUsage.Semantics.PROVEN_EXCLUSIVE
              : TokenUsage.Semantics.PRESUMED_EXCLUSIVE);
    }
  }

  private static void offer(Draft out, Slot<Long> slot, long count, String key) {
    out.offer(slot, Json.of(Value.of(count)), key);
  }

  /** Offers a cost, from {@code cost_details}: the total, or the sum of what is there. */
  static void readCost(Json details, String key, Draft out) {
    Json total = details.get("total");
    if (total.isPresent()) {
      out.reportedCost(total, "USD", key);
      return;
    }
    BigDecimal sum = BigDecimal.ZERO;
    for (Map.Entry<String, Json> part : details.entries().entrySet()) {
      BigDecimal cost = Scalars.decimal(part.getValue());
      sum = cost == null || cost.signum() < 0 ? sum : sum.add(cost);
    }
    out.reportedCost(Json.of(sum.toPlainString()), "USD", key);
  }
}
