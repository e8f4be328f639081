package dev.tallyspan.semconv;

import static dev.tallyspan.semconv.TokenUsage.UNKNOWN;
import static dev.tallyspan.semconv.TokenUsage.known;

import dev.tallyspan.semconv.TokenUsage.Modalities;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;

/*
 * Takes inclusive totals apart into disjoint counts.
 *
 * Cached tokens are of every modality, so that "7000 of audio" and "6000 cached" overlap, and how
 * far decides the price. Known, in this order, from:
 *
 *  1. the cache by modality, which is the join of the two;
 *  2. a complete split by modality that adds up to the input without the cached tokens: then it is
 *     the split of what was not cached, and nothing overlaps;
 *  3. arithmetic: what does not fit beside each other overlaps, and if all of it must, or only one
 *     modality is left to be cached, by how much.
 *
 * Where the counts fit beside each other, the cache held text. Where they do not, and the overlap
 * is known only within bounds, the counts are taken with the largest overlap, which is the least
 * that can have been billed, and a gap says so. A part that is larger than its total leaves nothing
 * of the total, and is a gap as well: one of the two is wrong.
 */
final class BillableCounts {

  static final Consumer<String> NO_GAPS = gap -> {};

  private static final String[] INPUT_UNITS = {"input_audio", "input_image", "input_video"};
  private static final String[] CACHE_UNITS = {"cache_read_audio", "cache_read_image", null};

  private final ObjLongConsumer<String> counts;
  private final Consumer<String> gaps;

  private BillableCounts(ObjLongConsumer<String> counts, Consumer<String> gaps) {
    this.counts = counts;
    this.gaps = gaps;
  }

  /**
   * Gives each count that is not 0, under the name that price catalogs have for its unit.
   *
   * @param gaps takes what makes the counts a lower bound, in words for people
   */
  static void forEach(TokenUsage usage, ObjLongConsumer<String> counts, Consumer<String> gaps) {
    BillableCounts billable = new BillableCounts(counts, gaps);
    billable.input(usage);
    billable.output(usage);
  }

  private void input(TokenUsage usage) {
    long cacheRead = known(usage.cacheRead());
    long cacheWrite = known(usage.cacheWrite());
    long cacheWrite1h = known(usage.cacheWrite1h());
    // In order of their price, the dearest first: audio, images, video.
    long[] fresh = beyondText(usage.inputModalities());
    long[] cached = beyondText(usage.cacheReadModalities());
    long rest = 0;
    if (usage.input() == UNKNOWN) {
      takeOff(fresh, cached);
    } else if (isSplitOfUncached(usage)) {
      rest = usage.input() - cacheRead - cacheWrite - sum(fresh);
    } else {
      takeOff(fresh, cached);
      rest = usage.input() - cacheRead - cacheWrite - sum(fresh);
      if (rest < 0) {
        long unassigned = cacheRead - sum(cached) - known(usage.cacheReadModalities().text());
        rest += overlap(-rest, unassigned, fresh, cached, usage.cacheReadModalities());
      }
    }
    long cachedText = cacheRead - sum(cached);
    put("input", notNegative(rest, "input"));
    for (int i = 0; i < cached.length; i++) {
      if (CACHE_UNITS[i] == null) {
        cachedText += cached[i]; // no catalog has a unit for it
      }
    }
    put("cache_read", notNegative(cachedText, "cache_read"));
    put("cache_write_5m", notNegative(cacheWrite - cacheWrite1h, "cache_write"));
    put("cache_write_1h", cacheWrite1h);
    for (int i = 0; i < fresh.length; i++) {
      if (CACHE_UNITS[i] != null) {
        put(CACHE_UNITS[i], cached[i]);
      }
      put(INPUT_UNITS[i], fresh[i]);
    }
  }

  /**
   * Moves what was cached of each modality from {@code fresh} to {@code cached}; returns how much.
   *
   * @param needed how much must have been cached for the counts to fit
   * @param unassigned cached tokens whose modality is not known
   */
  private long overlap(
      long needed, long unassigned, long[] fresh, long[] cached, Modalities known) {
    long[] open = fresh.clone();
    long[] ofCache = {known.audio(), known.image(), known.video()};
    int modalities = 0;
    for (int i = 0; i < open.length; i++) {
      if (ofCache[i] != UNKNOWN) {
        open[i] = 0;
      }
      modalities += open[i] > 0 ? 1 : 0;
    }
    long most = Math.min(unassigned, sum(open));
    if (most < needed) {
      return 0;
    }
    boolean certain = most == needed && (modalities == 1 || most == sum(open));
    if (!certain) {
      gaps.accept("cache_read: how much of it by modality is not known");
    }
    long left = most;
    for (int i = 0; i < open.length; i++) {
      long moved = Math.min(left, open[i]);
      fresh[i] -= moved;
      cached[i] += moved;
      left -= moved;
    }
    return most;
  }

  /** Whether the modalities add up to what was not cached. */
  private static boolean isSplitOfUncached(TokenUsage usage) {
    long cacheRead = known(usage.cacheRead());
    long text = usage.inputModalities().text();
    if (cacheRead == 0 || text == UNKNOWN) {
      return false;
    }
    long split = text + usage.inputModalities().beyondText();
    return split == usage.input() - cacheRead - known(usage.cacheWrite());
  }

  private void output(TokenUsage usage) {
    long reasoning = known(usage.reasoning());
    Modalities of = usage.outputModalities();
    if (usage.output() != UNKNOWN) {
      put("output", notNegative(usage.output() - reasoning - of.beyondText(), "output"));
    }
    put("reasoning", reasoning);
    put("output_audio", known(of.audio()));
    put("output_image", known(of.image()));
    put("output_video", known(of.video()));
  }

  /** A modality that is known in the cache alone is at least that much of the input. */
  private static void takeOff(long[] fresh, long[] cached) {
    for (int i = 0; i < fresh.length; i++) {
      fresh[i] = Math.max(fresh[i], cached[i]) - cached[i];
    }
  }

  private static long[] beyondText(Modalities of) {
    return new long[] {known(of.audio()), known(of.image()), known(of.video())};
  }

  private static long sum(long[] counts) {
    return counts[0] + counts[1] + counts[2];
  }

  private long notNegative(long rest, String total) {
    if (rest < 0) {
      gaps.accept(total + ": its parts exceed it");
      return 0;
    }
    return rest;
  }

  private void put(String unit, long count) {
    if (count != 0) {
      counts.accept(unit, count);
    }
  }
}
