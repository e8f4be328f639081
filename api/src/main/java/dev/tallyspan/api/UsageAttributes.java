package dev.tallyspan.api;

import dev.tallyspan.semconv.CacheWriteNames;
import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.TokenUsage.Modalities;
import dev.tallyspan.semconv.span.Slot;
import java.util.function.ObjLongConsumer;

/** The attributes for token counts; those that are not known have none. */
final class UsageAttributes {

  private UsageAttributes() {}

  static void forEach(
      TokenUsage usage,
      ConventionVersion generation,
      CacheWriteNames cacheWriteNames,
      ObjLongConsumer<String> to) {
    Writing writing = new Writing(generation, to);
    writing.put(Slot.INPUT_TOKENS, usage.input());
    writing.put(Slot.OUTPUT_TOKENS, usage.output());
    writing.put(Slot.CACHE_READ_TOKENS, usage.cacheRead());
    for (String key : cacheWriteNames.keys()) {
      writing.put(key, usage.cacheWrite());
    }
    writing.put(Slot.CACHE_WRITE_5M_TOKENS, usage.cacheWrite5m());
    writing.put(Slot.CACHE_WRITE_1H_TOKENS, usage.cacheWrite1h());
    writing.put(Slot.REASONING_TOKENS, usage.reasoning());
    Modalities input = usage.inputModalities();
    writing.put(Slot.TEXT_INPUT_TOKENS, input.text());
    writing.put(Slot.IMAGE_INPUT_TOKENS, input.image());
    writing.put(Slot.AUDIO_INPUT_TOKENS, input.audio());
    Modalities output = usage.outputModalities();
    writing.put(Slot.TEXT_OUTPUT_TOKENS, output.text());
    writing.put(Slot.IMAGE_OUTPUT_TOKENS, output.image());
    writing.put(Slot.AUDIO_OUTPUT_TOKENS, output.audio());
    Modalities cached = usage.cacheReadModalities();
    writing.put(Slot.TEXT_CACHE_READ_TOKENS, cached.text());
    writing.put(Slot.IMAGE_CACHE_READ_TOKENS, cached.image());
    writing.put(Slot.AUDIO_CACHE_READ_TOKENS, cached.audio());
  }

  private record Writing(ConventionVersion generation, ObjLongConsumer<String> to) {

    void put(Slot<Long> slot, long count) {
      String key = slot.key(generation);
      if (key != null) {
        put(key, count);
      }
    }

    void put(String key, long count) {
      if (count != TokenUsage.UNKNOWN) {
        to.accept(key, count);
      }
    }
  }
}
