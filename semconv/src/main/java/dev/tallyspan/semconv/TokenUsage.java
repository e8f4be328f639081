package dev.tallyspan.semconv;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The token counts of one operation: totals, which include their parts, and the parts.
 *
 * <p>{@link #input()} includes cache reads and cache writes, {@link #output()} includes reasoning,
 * as defined by the GenAI conventions. A count that is not known is {@link #UNKNOWN}; 0 means that
 * there were no such tokens.
 */
public final class TokenUsage {

  /** The count is not known: -1. */
  public static final long UNKNOWN = -1;

  /** How Tallyspan decided whether the reported input count includes the cache tokens. */
  public enum Semantics {
    /** Numbers on the span prove that the input count includes them. */
    PROVEN_INCLUSIVE("proven_inclusive"),
    /** Numbers on the span prove that the input count excludes them; they were added. */
    PROVEN_EXCLUSIVE("proven_exclusive"),
    /** The emitter is known to include them. */
    PRESUMED_INCLUSIVE("presumed_inclusive"),
    /** The emitter is known to exclude them; they were added. */
    PRESUMED_EXCLUSIVE("presumed_exclusive"),
    /** Nothing is known about the emitter: inclusive, as defined by the conventions. */
    ASSUMED("assumed"),
    /** There are no cache tokens, so it makes no difference. */
    NONE("none");

    private final String wireName;

    Semantics(String wireName) {
      this.wireName = wireName;
    }

    /** The value of {@code tallyspan.usage.semantics}. */
    public String wireName() {
      return wireName;
    }
  }

  /** Where the counts come from. */
  public enum Source {
    /** The emitter's own attributes. */
    REPORTED("reported"),
    /** A raw payload of the provider on the span. */
    RECOVERED("recovered"),
    /** Counted by a tokenizer, not by the provider. */
    ESTIMATED("estimated");

    private final String wireName;

    Source(String wireName) {
      this.wireName = wireName;
    }

    /** The value of {@code tallyspan.usage.source}. */
    public String wireName() {
      return wireName;
    }
  }

  private final long input;
  private final long output;
  private final long cacheRead;
  private final long cacheWrite;
  private final long cacheWrite5m;
  private final long cacheWrite1h;
  private final long reasoning;
  private final Modalities inputModalities;
  private final Modalities outputModalities;
  private final Modalities cacheReadModalities;
  private final Semantics semantics;
  private final Source source;

  private TokenUsage(Builder builder, Semantics semantics) {
    input = builder.input;
    output = builder.output;
    cacheRead = builder.cacheRead;
    cacheWrite = builder.cacheWrite;
    cacheWrite5m = builder.cacheWrite5m;
    cacheWrite1h = builder.cacheWrite1h;
    reasoning = builder.reasoning;
    inputModalities = builder.inputModalities;
    outputModalities = builder.outputModalities;
    cacheReadModalities = builder.cacheReadModalities;
    this.semantics = semantics;
    source = builder.source;
  }

  /**
   * Counts whose totals already include their parts, as in OpenAI's APIs and in the conventions.
   */
  public static TokenUsage inclusive(
      long input, long output, long cacheRead, long cacheWrite, long reasoning) {
    return builder()
        .input(input)
        .output(output)
        .cacheRead(cacheRead)
        .cacheWrite(cacheWrite)
        .reasoning(reasoning)
        .build();
  }

  /**
   * Counts as Anthropic and Bedrock report them: {@code input} excludes cache reads and cache
   * writes, which are added here.
   */
  public static TokenUsage anthropic(
      long input, long output, long cacheRead, long cacheWrite5m, long cacheWrite1h) {
    long cacheWrite = sum(cacheWrite5m, cacheWrite1h);
    return builder()
        .input(input == UNKNOWN ? UNKNOWN : input + known(cacheRead) + known(cacheWrite))
        .output(output)
        .cacheRead(cacheRead)
        .cacheWrite(cacheWrite)
        .cacheWrite5m(cacheWrite5m)
        .cacheWrite1h(cacheWrite1h)
        .build();
  }

  /**
   * Counts as Gemini reports them: candidates exclude thoughts, and the prompt excludes the tokens
   * of tool results; both are added here. The prompt includes {@code cachedContent}.
   */
  public static TokenUsage gemini(
      long prompt, long candidates, long thoughts, long toolUsePrompt, long cachedContent) {
    return builder()
        .input(sum(prompt, toolUsePrompt))
        .output(sum(candidates, thoughts))
        .cacheRead(cachedContent)
        .reasoning(thoughts)
        .build();
  }

  /** Builds a usage from counts as defined by the conventions: totals include their parts. */
  public static Builder builder() {
    return new Builder();
  }

  /** All input tokens, including cache reads and cache writes. */
  public long input() {
    return input;
  }

  /** All output tokens, including reasoning. */
  public long output() {
    return output;
  }

  /** Input tokens read from the provider's cache. */
  public long cacheRead() {
    return cacheRead;
  }

  /** Input tokens written to the provider's cache, for any lifetime. */
  public long cacheWrite() {
    return cacheWrite;
  }

  /** The part of {@link #cacheWrite()} with a lifetime of five minutes. */
  public long cacheWrite5m() {
    return cacheWrite5m;
  }

  /** The part of {@link #cacheWrite()} with a lifetime of one hour. */
  public long cacheWrite1h() {
    return cacheWrite1h;
  }

  /** Output tokens that the model spent on reasoning. */
  public long reasoning() {
    return reasoning;
  }

  /** The input by modality, including cache reads. */
  public Modalities inputModalities() {
    return inputModalities;
  }

  /** The output by modality. */
  public Modalities outputModalities() {
    return outputModalities;
  }

  /** The cache reads by modality. */
  public Modalities cacheReadModalities() {
    return cacheReadModalities;
  }

  /**
   * Input tokens that were neither read from nor written to a cache; never negative. {@link
   * #UNKNOWN} if the input is not known.
   */
  public long uncachedInput() {
    return input == UNKNOWN ? UNKNOWN : Math.max(0, input - known(cacheRead) - known(cacheWrite));
  }

  /** How Tallyspan decided whether the reported input count includes the cache tokens. */
  public Semantics semantics() {
    return semantics;
  }

  /** Where the counts come from. */
  public Source source() {
    return source;
  }

  /**
   * The same tokens as disjoint counts, which add up: {@code input}, {@code cache_read}, {@code
   * cache_write_5m}, {@code cache_write_1h}, {@code output}, {@code reasoning}, {@code
   * input_audio}, … Counts that are 0 are omitted. Cache writes of unknown lifetime count as
   * five-minute writes, the providers' default. If parts exceed their total, the rest of the total
   * is 0.
   */
  public Map<String, Long> disjointCounts() {
    Map<String, Long> counts = new LinkedHashMap<>();
    forEachDisjointCount(counts::put);
    return counts;
  }

  /**
   * Passes the name and quantity of each of {@link #disjointCounts} to the consumer, without
   * creating a map.
   */
  public void forEachDisjointCount(ObjLongConsumer<String> counts) {
    forEachDisjointCount(counts, BillableCounts.NO_GAPS);
  }

  /**
   * Does the same, and passes on the reasons why the counts are only a lower bound.
   *
   * @param gaps receives each reason as human-readable text
   */
  public void forEachDisjointCount(ObjLongConsumer<String> counts, Consumer<String> gaps) {
    BillableCounts.forEach(this, counts, gaps);
  }

  /**
   * Returns the same usage with one lifetime for all cache writes.
   *
   * @param anHour true for one hour; false for five minutes
   */
  public TokenUsage withCacheWriteLifetime(boolean anHour) {
    return builder()
        .input(input)
        .output(output)
        .cacheRead(cacheRead)
        .cacheWrite(cacheWrite)
        .cacheWrite5m(anHour ? UNKNOWN : cacheWrite)
        .cacheWrite1h(anHour ? cacheWrite : UNKNOWN)
        .reasoning(reasoning)
        .inputModalities(inputModalities)
        .outputModalities(outputModalities)
        .cacheReadModalities(cacheReadModalities)
        .semantics(semantics)
        .source(source)
        .build();
  }

  /**
   * The sum of both usages. A count that only one of them knows is taken from that one. The
   * semantics are decided again from the sums; the source is this usage's.
   */
  public TokenUsage plus(TokenUsage other) {
    return builder()
        .input(sum(input, other.input))
        .output(sum(output, other.output))
        .cacheRead(sum(cacheRead, other.cacheRead))
        .cacheWrite(sum(cacheWrite, other.cacheWrite))
        .cacheWrite5m(sum(cacheWrite5m, other.cacheWrite5m))
        .cacheWrite1h(sum(cacheWrite1h, other.cacheWrite1h))
        .reasoning(sum(reasoning, other.reasoning))
        .inputModalities(inputModalities.plus(other.inputModalities))
        .outputModalities(outputModalities.plus(other.outputModalities))
        .cacheReadModalities(cacheReadModalities.plus(other.cacheReadModalities))
        .source(source)
        .build();
  }

  /** Whether no part is larger than its total. If false, the emitter counted wrongly. */
  public boolean consistent() {
    return (input == UNKNOWN || known(cacheRead) + known(cacheWrite) <= input)
        && (output == UNKNOWN || known(reasoning) <= output)
        && known(cacheWrite5m) + known(cacheWrite1h) <= Math.max(0, cacheWrite);
  }

  /** The count, or 0 if it is {@link #UNKNOWN}. */
  public static long known(long count) {
    return Math.max(0, count);
  }

  private static long sum(long a, long b) {
    return a == UNKNOWN && b == UNKNOWN ? UNKNOWN : known(a) + known(b);
  }

  /**
   * The parts of a total by modality; {@link TokenUsage#UNKNOWN} if not known.
   *
   * @param text tokens of text
   * @param image tokens of images
   * @param audio tokens of audio
   * @param video tokens of video
   */
  public record Modalities(long text, long image, long audio, long video) {
    public static final Modalities NOT_KNOWN = new Modalities(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN);

    /** The known counts of all modalities except text. */
    public long beyondText() {
      return known(image) + known(audio) + known(video);
    }

    /** These counts; those that are not known are taken from {@code other}. */
    public Modalities or(Modalities other) {
      return new Modalities(
          text == UNKNOWN ? other.text : text,
          image == UNKNOWN ? other.image : image,
          audio == UNKNOWN ? other.audio : audio,
          video == UNKNOWN ? other.video : video);
    }

    /** The sums of both. A count that only one of them knows is taken from that one. */
    public Modalities plus(Modalities other) {
      return new Modalities(
          sum(text, other.text),
          sum(image, other.image),
          sum(audio, other.audio),
          sum(video, other.video));
    }
  }

  /** Builds a {@link TokenUsage}. Default for all counts: {@link #UNKNOWN}. */
  public static final class Builder {
    private long input = UNKNOWN;
    private long output = UNKNOWN;
    private long cacheRead = UNKNOWN;
    private long cacheWrite = UNKNOWN;
    private long cacheWrite5m = UNKNOWN;
    private long cacheWrite1h = UNKNOWN;
    private long reasoning = UNKNOWN;
    private Modalities inputModalities = Modalities.NOT_KNOWN;
    private Modalities outputModalities = Modalities.NOT_KNOWN;
    private Modalities cacheReadModalities = Modalities.NOT_KNOWN;
    private @Nullable Semantics semantics = null;
    private Source source = Source.REPORTED;

    private Builder() {}

    /** All input tokens, including cache reads and cache writes. */
    public Builder input(long count) {
      input = count;
      return this;
    }

    /** All output tokens, reasoning included. */
    public Builder output(long count) {
      output = count;
      return this;
    }

    /** Input tokens read from a cache. */
    public Builder cacheRead(long count) {
      cacheRead = count;
      return this;
    }

    /** Input tokens written to a cache, for any lifetime. */
    public Builder cacheWrite(long count) {
      cacheWrite = count;
      return this;
    }

    /** Cache writes with a lifetime of five minutes. */
    public Builder cacheWrite5m(long count) {
      cacheWrite5m = count;
      return this;
    }

    /** Cache writes with a lifetime of one hour. */
    public Builder cacheWrite1h(long count) {
      cacheWrite1h = count;
      return this;
    }

    /** Output tokens that the model spent on reasoning. */
    public Builder reasoning(long count) {
      reasoning = count;
      return this;
    }

    /** The input by modality. */
    public Builder inputModalities(Modalities modalities) {
      inputModalities = modalities;
      return this;
    }

    /** The output by modality. */
    public Builder outputModalities(Modalities modalities) {
      outputModalities = modalities;
      return this;
    }

    /** The cache reads by modality. */
    public Builder cacheReadModalities(Modalities modalities) {
      cacheReadModalities = modalities;
      return this;
    }

    /**
     * How the meaning of the input count was decided. Default, also for null: {@link
     * Semantics#PROVEN_INCLUSIVE}, or {@link Semantics#NONE} if there are no cache tokens.
     */
    public Builder semantics(@Nullable Semantics verdict) {
      semantics = verdict;
      return this;
    }

    /** Where the counts come from. Default: reported. */
    public Builder source(Source from) {
      source = from;
      return this;
    }

    public TokenUsage build() {
      if (semantics == null) {
        semantics =
            known(cacheRead) + known(cacheWrite) == 0 ? Semantics.NONE : Semantics.PROVEN_INCLUSIVE;
      }
      return new TokenUsage(this, semantics);
    }
  }
}
