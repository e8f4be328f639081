package dev.tallyspan.semconv;

import static dev.tallyspan.semconv.TokenUsage.UNKNOWN;
import static dev.tallyspan.semconv.TokenUsage.known;

import java.util.function.ObjLongConsumer;

/** Takes inclusive totals apart into disjoint counts. */
final class BillableCounts {

  private final ObjLongConsumer<String> counts;

  private BillableCounts(ObjLongConsumer<String> counts) {
    this.counts = counts;
  }

  static void forEach(TokenUsage usage, long webSearches, ObjLongConsumer<String> counts) {
    BillableCounts billable = new BillableCounts(counts);
    if (usage != null) {
      billable.input(usage);
      billable.output(usage);
    }
    billable.put("web_searches", known(webSearches));
  }

  private void input(TokenUsage usage) {
    long cacheRead = known(usage.cacheRead());
    long cacheWrite = known(usage.cacheWrite());
    long cacheWrite1h = known(usage.cacheWrite1h());
    long cachedAudio = known(usage.cacheReadModalities().audio());
    long cachedImage = known(usage.cacheReadModalities().image());
    // A modality that is known in the cache alone is at least that much of the input.
    long audio = Math.max(known(usage.inputModalities().audio()), cachedAudio) - cachedAudio;
    long image = Math.max(known(usage.inputModalities().image()), cachedImage) - cachedImage;
    if (usage.input() != UNKNOWN) {
      put("input", usage.input() - cacheRead - cacheWrite - audio - image);
    }
    put("cache_read", cacheRead - cachedAudio - cachedImage);
    put("cache_read_audio", cachedAudio);
    put("cache_read_image", cachedImage);
    put("cache_write_5m", cacheWrite - cacheWrite1h);
    put("cache_write_1h", cacheWrite1h);
    put("input_audio", audio);
    put("input_image", image);
  }

  private void output(TokenUsage usage) {
    long reasoning = known(usage.reasoning());
    long audio = known(usage.outputModalities().audio());
    long image = known(usage.outputModalities().image());
    if (usage.output() != UNKNOWN) {
      put("output", usage.output() - reasoning - audio - image);
    }
    put("reasoning", reasoning);
    put("output_audio", audio);
    put("output_image", image);
  }

  private void put(String unit, long count) {
    if (count != 0) {
      counts.accept(unit, count);
    }
  }
}
