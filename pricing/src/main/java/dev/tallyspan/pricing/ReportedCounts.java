package dev.tallyspan.pricing;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Converts the overlapping counts that providers and spans report to disjoint {@link Usage}.
 *
 * <p>The names of the counts are {@code input_tokens}, {@code cache_read_tokens}, {@code
 * cache_write_tokens}, {@code cache_write_5m_tokens}, {@code cache_write_1h_tokens}, {@code
 * input_audio_tokens}, {@code cache_audio_read_tokens}, {@code output_tokens}, {@code
 * output_reasoning_tokens}, … and the wire names of the other units ({@code web_searches}).
 */
public final class ReportedCounts {
  private final Map<String, BigDecimal> counts;

  private ReportedCounts(Map<String, BigDecimal> counts) {
    this.counts = counts;
  }

  /** Which counts include others. */
  public enum Overlap {
    /**
     * {@code input_tokens} includes cache reads and writes, {@code output_tokens} includes
     * reasoning.
     */
    INCLUSIVE,
    /** {@code input_tokens} does not include cache reads and writes (Anthropic, Bedrock). */
    EXCLUSIVE,
    /** {@code output_tokens} does not include reasoning and citations (Perplexity). */
    EXCLUSIVE_OUTPUT,
    /** The names and rules of Gemini's {@code usageMetadata}, such as {@code promptTokenCount}. */
    RAW_GEMINI
  }

  /**
   * Returns the disjoint quantities.
   *
   * <p>Quantities are never negative: if an inclusive input is smaller than its cached tokens, all
   * cached tokens are billed and {@link Unit#INPUT} is 0. Unknown names with a count other than 0
   * are in {@link Usage#unknownUnits()}.
   *
   * @param counts by name
   * @param overlap which counts include others
   * @return the disjoint quantities
   * @throws IllegalArgumentException if a count is negative or does not fit into a long
   */
  public static Usage disjoint(Map<String, BigDecimal> counts, Overlap overlap) {
    ReportedCounts reported = new ReportedCounts(counts);
    Usage.Builder usage = Usage.builder();
    if (overlap == Overlap.RAW_GEMINI) {
      reported.gemini(usage);
    } else {
      reported.input(usage, overlap != Overlap.EXCLUSIVE);
      reported.output(usage, overlap != Overlap.EXCLUSIVE_OUTPUT);
    }
    reported.others(usage);
    return usage.build();
  }

  /**
   * {@return all known names: those of reported token counts, and those of all units} Sorted and
   * unmodifiable.
   */
  public static Set<String> names() {
    Set<String> names = new TreeSet<>(TokenNames.ALL);
    for (Unit unit : Unit.values()) {
      names.add(unit.wireName());
    }
    return Collections.unmodifiableSet(names);
  }

  private void input(Usage.Builder usage, boolean inclusive) {
    long cachedAudio = count("cache_audio_read_tokens");
    long cachedImage = count("cache_image_read_tokens");
    long read = count("cache_read_tokens");
    long hour = count("cache_write_1h_tokens");
    long five = count("cache_write_5m_tokens");
    // The part of a total that the split does not cover has the default lifetime.
    five += Math.max(0, count("cache_write_tokens") - five - hour);
    long audio = Math.max(0, count("input_audio_tokens") - cachedAudio);
    long image = Math.max(0, count("input_image_tokens") - cachedImage);
    long video = count("input_video_tokens");
    long cache = inclusive ? Math.max(read, cachedAudio + cachedImage) + five + hour : 0;
    usage
        .add(Unit.INPUT, Math.max(0, count("input_tokens") - cache - audio - image - video))
        .add(Unit.CACHE_READ, Math.max(0, read - cachedAudio - cachedImage))
        .add(Unit.CACHE_WRITE_5M, five)
        .add(Unit.CACHE_WRITE_1H, hour)
        .add(Unit.AUDIO_INPUT, audio)
        .add(Unit.AUDIO_CACHE_READ, cachedAudio)
        .add(Unit.IMAGE_INPUT, image)
        .add(Unit.IMAGE_CACHE_READ, cachedImage)
        .add(Unit.VIDEO_INPUT, video);
  }

  private void output(Usage.Builder usage, boolean inclusive) {
    long reasoning = count("output_reasoning_tokens");
    long citation = count("output_citation_tokens");
    long audio = count("output_audio_tokens");
    long image = count("output_image_tokens");
    long video = count("output_video_tokens");
    long inside = audio + image + video + (inclusive ? reasoning + citation : 0);
    usage
        .add(Unit.OUTPUT, Math.max(0, count("output_tokens") - inside))
        .add(Unit.REASONING, reasoning)
        .add(Unit.CITATION, citation)
        .add(Unit.AUDIO_OUTPUT, audio)
        .add(Unit.IMAGE_OUTPUT, image)
        .add(Unit.VIDEO_OUTPUT, video);
  }

  /**
   * The prompt includes cached tokens, and does not include tool use. The candidates do not include
   * thoughts, unless prompt and candidates already add up to the total.
   */
  private void gemini(Usage.Builder usage) {
    long prompt = count("promptTokenCount");
    long tools = count("toolUsePromptTokenCount");
    long cached = count("cachedContentTokenCount");
    long candidates = count("candidatesTokenCount");
    long thoughts = count("thoughtsTokenCount");
    long total = count("totalTokenCount");
    boolean inside = thoughts > 0 && total > 0 && prompt + tools + candidates == total;
    long hidden = thoughts == 0 ? Math.max(0, total - prompt - tools - candidates) : thoughts;
    usage
        .add(Unit.INPUT, Math.max(0, prompt - cached) + tools)
        .add(Unit.CACHE_READ, cached)
        .add(Unit.OUTPUT, inside ? Math.max(0, candidates - thoughts) : candidates)
        .add(Unit.REASONING, hidden);
  }

  private void others(Usage.Builder usage) {
    for (Map.Entry<String, BigDecimal> entry : counts.entrySet()) {
      String name = entry.getKey();
      if (TokenNames.ALL.contains(name)) {
        continue;
      }
      Unit unit = Unit.of(name);
      if (unit != null) {
        usage.add(unit, exact(name, unit, entry.getValue()));
      } else if (entry.getValue().signum() != 0) {
        usage.addUnknown(name);
      }
    }
  }

  private long count(String name) {
    BigDecimal count = counts.get(name);
    return count == null ? 0 : exact(name, Unit.INPUT, count);
  }

  private static long exact(String name, Unit unit, BigDecimal count) {
    if (count.signum() < 0) {
      throw new IllegalArgumentException(name + "=" + count + ": must not be negative");
    }
    try {
      return unit.fromWire(count);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(name + " is too large", e);
    }
  }

  private static final class TokenNames {
    static final Set<String> ALL =
        Set.of(
            "input_tokens",
            "input_text_tokens",
            "input_audio_tokens",
            "input_image_tokens",
            "input_video_tokens",
            "cache_read_tokens",
            "cache_text_read_tokens",
            "cache_audio_read_tokens",
            "cache_image_read_tokens",
            "cache_write_tokens",
            "cache_write_5m_tokens",
            "cache_write_1h_tokens",
            "output_tokens",
            "output_text_tokens",
            "output_reasoning_tokens",
            "output_citation_tokens",
            "output_audio_tokens",
            "output_image_tokens",
            "output_video_tokens",
            "total_tokens",
            "promptTokenCount",
            "toolUsePromptTokenCount",
            "cachedContentTokenCount",
            "candidatesTokenCount",
            "thoughtsTokenCount",
            "totalTokenCount");
  }
}
