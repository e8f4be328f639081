package dev.tallyspan.semconv;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of one operation: totals that include their parts, and those parts.
 *
 * <p>{@link #input()} includes cache reads and cache writes, {@link #output()} includes reasoning,
 * as the GenAI conventions say. A count that is not known is {@link #UNKNOWN}; 0 means that there
 * were none.
 */
public final class TokenUsage {

  /** The count is not known: -1. */
  public static final long UNKNOWN = -1;

  /** How it was decided whether the input count held the cache tokens. */
  public enum Semantics {
    /** Numbers on the span prove that the input held them. */
    PROVEN_INCLUSIVE("proven_inclusive"),
    /** Numbers on the span prove that it did not; they were added. */
    PROVEN_EXCLUSIVE("proven_exclusive"),
    /** The emitter is known to include them. */
    PRESUMED_INCLUSIVE("presumed_inclusive"),
    /** The emitter is known to leave them out; they were added. */
    PRESUMED_EXCLUSIVE("presumed_exclusive"),
    /** Nothing is known of the emitter: inclusive, as the conventions say. */
    ASSUMED("assumed"),
    /** There are no cache tokens, so that it makes no difference. */
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
    /** A provider's raw payload on the span. */
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

  /** Totals that already include their parts: OpenAI's APIs, the conventions. */
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
   * Anthropic's and Bedrock's counts: {@code input} holds neither cache reads nor cache writes;
   * they are added here.
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
   * Gemini's counts: thoughts lie beside the candidates, tokens of tool results beside the prompt;
   * both are added here. {@code cachedContent} lies inside the prompt.
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

  /** A usage of counts as the conventions have them: parts are inside their totals. */
  public static Builder builder() {
    return new Builder();
  }

  /** All input, cache reads and writes included. */
  public long input() {
    return input;
  }

  /** All output, reasoning included. */
  public long output() {
    return output;
  }

  /** Input served from the provider's cache. */
  public long cacheRead() {
    return cacheRead;
  }

  /** Input written to the provider's cache, whatever its lifetime. */
  public long cacheWrite() {
    return cacheWrite;
  }

  /** The part of {@link #cacheWrite()} that lives five minutes. */
  public long cacheWrite5m() {
    return cacheWrite5m;
  }

  /** The part of {@link #cacheWrite()} that lives an hour. */
  public long cacheWrite1h() {
    return cacheWrite1h;
  }

  /** The part of the output that the model spent on thinking. */
  public long reasoning() {
    return reasoning;
  }

  /** The input by modality, cache reads included. */
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
   * The input that was neither read from nor written to a cache; never below 0. Unknown if the
   * input is.
   */
  public long uncachedInput() {
    return input == UNKNOWN ? UNKNOWN : Math.max(0, input - known(cacheRead) - known(cacheWrite));
  }

  /** How it was decided whether the input held the cache tokens. */
  public Semantics semantics() {
    return semantics;
  }

  /** Where the counts come from. */
  public Source source() {
    return source;
  }

  /**
   * The same tokens, each in one count only, so that they add up: {@code input}, {@code
   * cache_read}, {@code cache_write_5m}, {@code cache_write_1h}, {@code output}, {@code reasoning},
   * {@code input_audio}, … Only counts that are not 0. A cache write of unknown lifetime is one of
   * five minutes, the providers' default. Parts that exceed their total leave nothing of it.
   */
  public Map<String, Long> disjointCounts() {
    Map<String, Long> counts = new LinkedHashMap<>();
    forEachDisjointCount(counts::put);
    return counts;
  }

  /** Gives each of {@link #disjointCounts}, name and quantity, without a map. */
  public void forEachDisjointCount(ObjLongConsumer<String> counts) {
    forEachDisjointCount(counts, BillableCounts.NO_GAPS);
  }

  /**
   * The same, with the reasons why the counts are a lower bound.
   *
   * @param gaps takes each reason, in words for people
   */
  public void forEachDisjointCount(ObjLongConsumer<String> counts, Consumer<String> gaps) {
    BillableCounts.forEach(this, counts, gaps);
  }

  /** The same with all cache writes for one lifetime. */
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
   * The tokens of both as one usage. What only one of them knows is taken from it; the verdict on
   * the cache is this one's.
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

  /** Whether no part is larger than its total; if not, somebody counted wrongly. */
  public boolean consistent() {
    return (input == UNKNOWN || known(cacheRead) + known(cacheWrite) <= input)
        && (output == UNKNOWN || known(reasoning) <= output)
        && known(cacheWrite5m) + known(cacheWrite1h) <= Math.max(0, cacheWrite);
  }

  public static long known(long count) {
    return Math.max(0, count);
  }

  private static long sum(long a, long b) {
    return a == UNKNOWN && b == UNKNOWN ? UNKNOWN : known(a) + known(b);
  }

  /**
   * Counts by modality, parts of a total. {@link TokenUsage#UNKNOWN} where not known.
   *
   * @param text tokens of text
   * @param image tokens of images
   * @param audio tokens of audio
   * @param video tokens of video
   */
  public record Modalities(long text, long image, long audio, long video) {
    public static final Modalities NOT_KNOWN = new Modalities(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN);

    /** All that is known to be no text. */
    public long beyondText() {
      return known(image) + known(audio) + known(video);
    }

    /** These, and for what they do not know the other ones. */
    public Modalities or(Modalities other) {
      return new Modalities(
          text == UNKNOWN ? other.text : text,
          image == UNKNOWN ? other.image : image,
          audio == UNKNOWN ? other.audio : audio,
          video == UNKNOWN ? other.video : video);
    }

    /** The sums of both, of what either knows. */
    public Modalities plus(Modalities other) {
      return new Modalities(
          sum(text, other.text),
          sum(image, other.image),
          sum(audio, other.audio),
          sum(video, other.video));
    }
  }

  /** Builds a {@link TokenUsage}; counts that are not set are {@link #UNKNOWN}. */
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

    /** All input tokens, those of the cache included. */
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

    /** Input tokens written to a cache, for whatever time. */
    public Builder cacheWrite(long count) {
      cacheWrite = count;
      return this;
    }

    /** Those of them that are kept five minutes. */
    public Builder cacheWrite5m(long count) {
      cacheWrite5m = count;
      return this;
    }

    /** Those of them that are kept an hour. */
    public Builder cacheWrite1h(long count) {
      cacheWrite1h = count;
      return this;
    }

    /** Output tokens that the model thought with. */
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

    /** How it was decided. Default: proven, or none if there are no cache tokens. */
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
