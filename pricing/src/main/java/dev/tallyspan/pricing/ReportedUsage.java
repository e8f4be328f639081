package dev.tallyspan.pricing;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Counts as providers and spans report them, which overlap, made into disjoint {@link Usage}.
 *
 * <p>Names are those of the vector files: {@code input_tokens}, {@code cache_read_tokens}, {@code
 * cache_write_tokens}, {@code cache_write_5m_tokens}, {@code cache_write_1h_tokens}, {@code
 * input_audio_tokens}, {@code cache_audio_read_tokens}, {@code output_tokens}, {@code
 * output_reasoning_tokens}, … and the wire names of the other units ({@code web_searches}).
 */
public final class ReportedUsage {
  private final Map<String, BigDecimal> counts;

  private ReportedUsage(Map<String, BigDecimal> counts) {
    this.counts = counts;
  }

  /** How counts include each other. */
  public enum Semantics {
    /** {@code input_tokens} contains cache reads and writes, {@code output_tokens} reasoning. */
    INCLUSIVE,
    /** Cache reads and writes are beside {@code input_tokens} (Anthropic, Bedrock). */
    EXCLUSIVE,
    /** Reasoning and citations are beside {@code output_tokens} (Perplexity). */
    EXCLUSIVE_OUTPUT,
    /** Gemini's {@code usageMetadata}: {@code promptTokenCount} and its kin. */
    RAW_GEMINI
  }

  /**
   * Returns the disjoint quantities.
   *
   * <p>A part larger than its whole leaves nothing of the whole, never less: cached tokens above an
   * inclusive input are billed as cached and no input is fresh. What is counted under a name that
   * is none of these is in {@link Usage#unknownUnits()}.
   *
   * @throws IllegalArgumentException for a count that is too large
   */
  public static Usage disjoint(Map<String, BigDecimal> counts, Semantics semantics) {
    ReportedUsage reported = new ReportedUsage(counts);
    Usage.Builder usage = Usage.builder();
    if (semantics == Semantics.RAW_GEMINI) {
      reported.gemini(usage);
    } else {
      reported.input(usage, semantics != Semantics.EXCLUSIVE);
      reported.output(usage, semantics != Semantics.EXCLUSIVE_OUTPUT);
    }
    reported.others(usage);
    return usage.build();
  }

  /** Returns the names that are read: those of tokens as they are reported, and of all units. */
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
    // What an aggregate has beyond its split was written for the default lifetime.
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
   * The prompt contains what is cached; tool use is beside it. Thoughts are beside the candidates,
   * unless prompt and candidates already make the total: then the candidates contain them.
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
