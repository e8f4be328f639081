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

  /** The largest number that is a count; sums of counts never overflow. */
  private static final long LARGEST = Long.MAX_VALUE >> 4;

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

    /** {@return the value of {@code tallyspan.usage.semantics}} */
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

    /** {@return the value of {@code tallyspan.usage.source}} */
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

  private TokenUsage(Builder builder) {
    input = builder.totalInput();
    output = builder.totalOutput();
    cacheRead = builder.cacheRead;
    cacheWrite = builder.totalCacheWrite();
    cacheWrite5m = builder.cacheWrite5m;
    cacheWrite1h = builder.cacheWrite1h;
    reasoning = builder.reasoning;
    inputModalities = builder.inputModalities;
    outputModalities = builder.outputModalities;
    cacheReadModalities = builder.cacheReadModalities;
    semantics = builder.verdict();
    source = builder.source;
  }

  /**
   * Builds a usage from counts whose totals include their parts, as in OpenAI's APIs and in the
   * conventions: {@code input} includes cache reads and cache writes, {@code output} includes
   * reasoning.
   *
   * <pre>{@code
   * TokenUsage.inclusive().input(2880).cacheRead(2870).output(23).reasoning(20).build()
   * }</pre>
   *
   * @return a builder in which no count is known
   */
  public static Builder inclusive() {
    return new Builder(/* cacheBeside= */ false, /* reasoningBeside= */ false);
  }

  /**
   * Builds a usage from counts as Anthropic and Bedrock report them: {@code input} excludes cache
   * reads and cache writes, which are added to it.
   *
   * <pre>{@code
   * TokenUsage.anthropic().input(10).cacheRead(2870).output(3).build() // input() is 2880
   * }</pre>
   *
   * @return a builder in which no count is known
   */
  public static Builder anthropic() {
    return new Builder(/* cacheBeside= */ true, /* reasoningBeside= */ false);
  }

  /**
   * Builds a usage from counts as Gemini reports them: the candidates ({@code output}) exclude the
   * thoughts ({@code reasoning}), and the prompt ({@code input}) excludes {@link
   * Builder#toolUseInput}; both are added. The prompt includes the cached content ({@code
   * cacheRead}).
   *
   * <pre>{@code
   * TokenUsage.gemini().input(10).cacheRead(4).output(5).reasoning(20).build() // output() is 25
   * }</pre>
   *
   * @return a builder in which no count is known
   */
  public static Builder gemini() {
    return new Builder(/* cacheBeside= */ false, /* reasoningBeside= */ true);
  }

  /**
   * {@return all input tokens, including cache reads and cache writes; {@link #UNKNOWN} if not
   * known}
   */
  public long input() {
    return input;
  }

  /** {@return all output tokens, including reasoning; {@link #UNKNOWN} if not known} */
  public long output() {
    return output;
  }

  /** {@return input tokens read from the provider's cache; {@link #UNKNOWN} if not known} */
  public long cacheRead() {
    return cacheRead;
  }

  /**
   * {@return input tokens written to the provider's cache, for any lifetime; {@link #UNKNOWN} if
   * not known}
   */
  public long cacheWrite() {
    return cacheWrite;
  }

  /**
   * {@return the part of {@link #cacheWrite()} with a lifetime of five minutes; {@link #UNKNOWN} if
   * not known}
   */
  public long cacheWrite5m() {
    return cacheWrite5m;
  }

  /**
   * {@return the part of {@link #cacheWrite()} with a lifetime of one hour; {@link #UNKNOWN} if not
   * known}
   */
  public long cacheWrite1h() {
    return cacheWrite1h;
  }

  /** {@return output tokens that the model spent on reasoning; {@link #UNKNOWN} if not known} */
  public long reasoning() {
    return reasoning;
  }

  /** {@return the input by modality, including cache reads} */
  public Modalities inputModalities() {
    return inputModalities;
  }

  /** {@return the output by modality} */
  public Modalities outputModalities() {
    return outputModalities;
  }

  /** {@return the cache reads by modality} */
  public Modalities cacheReadModalities() {
    return cacheReadModalities;
  }

  /**
   * {@return input tokens that were neither read from nor written to a cache, never negative;
   * {@link #UNKNOWN} if the input is not known}
   */
  public long uncachedInput() {
    return input == UNKNOWN ? UNKNOWN : Math.max(0, input - known(cacheRead) - known(cacheWrite));
  }

  /** {@return how Tallyspan decided whether the reported input count includes the cache tokens} */
  public Semantics semantics() {
    return semantics;
  }

  /** {@return where the counts come from} */
  public Source source() {
    return source;
  }

  /**
   * The same tokens as disjoint counts, which add up: {@code input}, {@code cache_read}, {@code
   * cache_write_5m}, {@code cache_write_1h}, {@code output}, {@code reasoning}, {@code
   * input_audio}, … Counts that are 0 are omitted. Cache writes of unknown lifetime count as
   * five-minute writes, the providers' default. If parts exceed their total, the rest of the total
   * is 0, so no count is ever negative; {@link #consistent} tells whether that is the case.
   *
   * @return the counts by name, in a fixed order
   */
  public Map<String, Long> disjointCounts() {
    Map<String, Long> counts = new LinkedHashMap<>();
    forEachDisjointCount(counts::put);
    return counts;
  }

  /**
   * Passes the name and quantity of each of {@link #disjointCounts} to the consumer, without
   * creating a map.
   *
   * @param counts receives each name once, with a quantity above 0
   */
  public void forEachDisjointCount(ObjLongConsumer<String> counts) {
    forEachDisjointCount(counts, BillableCounts.NO_GAPS);
  }

  /**
   * Does the same, and passes on the reasons why the counts are only a lower bound.
   *
   * @param counts receives each name once, with a quantity above 0
   * @param gaps receives each reason as human-readable text
   */
  public void forEachDisjointCount(ObjLongConsumer<String> counts, Consumer<String> gaps) {
    BillableCounts.forEach(this, counts, gaps);
  }

  /**
   * {@return the same usage with one lifetime for all cache writes}
   *
   * @param anHour true for one hour; false for five minutes
   */
  public TokenUsage withCacheWriteLifetime(boolean anHour) {
    return inclusive()
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
   * {@return the sum of both usages} A count that only one of them knows is taken from that one.
   * The semantics are decided again from the sums; the source is this usage's.
   *
   * @param other the usage to add
   */
  public TokenUsage plus(TokenUsage other) {
    return inclusive()
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

  /** {@return whether no part is larger than its total} If false, the emitter counted wrongly. */
  public boolean consistent() {
    return (input == UNKNOWN || known(cacheRead) + known(cacheWrite) <= input)
        && (output == UNKNOWN || known(reasoning) <= output)
        && known(cacheWrite5m) + known(cacheWrite1h) <= Math.max(0, cacheWrite);
  }

  /**
   * {@return the count, or 0 if it is {@link #UNKNOWN}}
   *
   * @param count a count, in tokens
   */
  public static long known(long count) {
    return Math.max(0, count);
  }

  /** The count as it was given; a number that cannot be one is not known. */
  private static long count(long given) {
    return given < 0 || given > LARGEST ? UNKNOWN : given;
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
    /** No count is known. */
    public static final Modalities NOT_KNOWN = new Modalities(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN);

    /**
     * Creates the counts. A negative number, or one that is too large to be a count, is the same as
     * {@link TokenUsage#UNKNOWN}.
     *
     * @param text tokens of text
     * @param image tokens of images
     * @param audio tokens of audio
     * @param video tokens of video
     */
    public Modalities {
      text = count(text);
      image = count(image);
      audio = count(audio);
      video = count(video);
    }

    /** {@return the sum of the known counts of all modalities except text; 0 if none is known} */
    public long beyondText() {
      return known(image) + known(audio) + known(video);
    }

    /**
     * {@return these counts; those that are not known are taken from {@code other}}
     *
     * @param other the counts to use for those that are not known
     */
    public Modalities or(Modalities other) {
      return new Modalities(
          text == UNKNOWN ? other.text : text,
          image == UNKNOWN ? other.image : image,
          audio == UNKNOWN ? other.audio : audio,
          video == UNKNOWN ? other.video : video);
    }

    /**
     * {@return the sums of both} A count that only one of them knows is taken from that one.
     *
     * @param other the counts to add
     */
    public Modalities plus(Modalities other) {
      return new Modalities(
          sum(text, other.text),
          sum(image, other.image),
          sum(audio, other.audio),
          sum(video, other.video));
    }
  }

  /**
   * Builds a {@link TokenUsage}. Default for all counts: {@link #UNKNOWN}. A negative number, or
   * one that is too large to be a count (2^59), is the same as {@link #UNKNOWN}: recording never
   * throws.
   */
  public static final class Builder {
    private final boolean cacheBeside;
    private final boolean reasoningBeside;
    private long input = UNKNOWN;
    private long toolUseInput = UNKNOWN;
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

    private Builder(boolean cacheBeside, boolean reasoningBeside) {
      this.cacheBeside = cacheBeside;
      this.reasoningBeside = reasoningBeside;
    }

    /**
     * Sets the input tokens.
     *
     * @param count includes cache reads and cache writes, except in {@link TokenUsage#anthropic}
     * @return this
     */
    public Builder input(long count) {
      input = count(count);
      return this;
    }

    /**
     * Sets the input tokens of tool results that {@link #input} does not include.
     *
     * @param count is added to the input
     * @return this
     */
    public Builder toolUseInput(long count) {
      toolUseInput = count(count);
      return this;
    }

    /**
     * Sets the output tokens.
     *
     * @param count includes reasoning, except in {@link TokenUsage#gemini}
     * @return this
     */
    public Builder output(long count) {
      output = count(count);
      return this;
    }

    /**
     * Sets the input tokens read from a cache.
     *
     * @param count 0 = the call read nothing from a cache
     * @return this
     */
    public Builder cacheRead(long count) {
      cacheRead = count(count);
      return this;
    }

    /**
     * Sets the input tokens written to a cache, for any lifetime.
     *
     * @param count the tokens. Default: the sum of those with a known lifetime
     * @return this
     */
    public Builder cacheWrite(long count) {
      cacheWrite = count(count);
      return this;
    }

    /**
     * Sets the cache writes with a lifetime of five minutes.
     *
     * @param count a part of {@link #cacheWrite}
     * @return this
     */
    public Builder cacheWrite5m(long count) {
      cacheWrite5m = count(count);
      return this;
    }

    /**
     * Sets the cache writes with a lifetime of one hour.
     *
     * @param count a part of {@link #cacheWrite}
     * @return this
     */
    public Builder cacheWrite1h(long count) {
      cacheWrite1h = count(count);
      return this;
    }

    /**
     * Sets the output tokens that the model spent on reasoning.
     *
     * @param count a part of {@link #output}, except in {@link TokenUsage#gemini}
     * @return this
     */
    public Builder reasoning(long count) {
      reasoning = count(count);
      return this;
    }

    /**
     * Sets the input by modality.
     *
     * @param modalities the counts, including cache reads. Default: {@link Modalities#NOT_KNOWN}
     * @return this
     */
    public Builder inputModalities(Modalities modalities) {
      inputModalities = modalities;
      return this;
    }

    /**
     * Sets the output by modality.
     *
     * @param modalities the counts. Default: {@link Modalities#NOT_KNOWN}
     * @return this
     */
    public Builder outputModalities(Modalities modalities) {
      outputModalities = modalities;
      return this;
    }

    /**
     * Sets the cache reads by modality.
     *
     * @param modalities the counts. Default: {@link Modalities#NOT_KNOWN}
     * @return this
     */
    public Builder cacheReadModalities(Modalities modalities) {
      cacheReadModalities = modalities;
      return this;
    }

    /**
     * Sets how the meaning of the input count was decided.
     *
     * @param verdict the decision. Default, also for null: {@link Semantics#PROVEN_INCLUSIVE}, or
     *     {@link Semantics#NONE} if there are no cache tokens
     * @return this
     */
    public Builder semantics(@Nullable Semantics verdict) {
      semantics = verdict;
      return this;
    }

    /**
     * Sets where the counts come from.
     *
     * @param from the source. Default: {@link Source#REPORTED}
     * @return this
     */
    public Builder source(Source from) {
      source = from;
      return this;
    }

    /** {@return the usage, with the totals that the parts are added to} */
    public TokenUsage build() {
      return new TokenUsage(this);
    }

    private long totalCacheWrite() {
      return cacheWrite == UNKNOWN ? sum(cacheWrite5m, cacheWrite1h) : cacheWrite;
    }

    private long totalInput() {
      long total = sum(input, toolUseInput);
      return cacheBeside && total != UNKNOWN
          ? total + known(cacheRead) + known(totalCacheWrite())
          : total;
    }

    private long totalOutput() {
      return reasoningBeside ? sum(output, reasoning) : output;
    }

    private Semantics verdict() {
      if (semantics != null) {
        return semantics;
      }
      return known(cacheRead) + known(totalCacheWrite()) == 0
          ? Semantics.NONE
          : Semantics.PROVEN_INCLUSIVE;
    }
  }
}
