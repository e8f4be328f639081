package dev.tallyspan.pricing;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A countable unit that providers bill by. Units are disjoint.
 *
 * <p>Units form a lattice. If a rate card has no rate for a unit, the unit is billed at the rate of
 * the more general unit: a cached token without a cache rate as an input token, a reasoning token
 * without a reasoning rate as an output token. Without a rate, a unit that has no more general one
 * (a second of audio, a web search) makes the price partial.
 */
public enum Unit {
  /** Input tokens that are not in any other unit. */
  INPUT("input", CostPart.INPUT, Kind.INPUT_TOKEN, null),
  /** Text tokens read from the prompt cache. */
  CACHE_READ("cache_read", CostPart.CACHE_READ, Kind.INPUT_TOKEN, INPUT),
  /** Tokens written to the prompt cache for the provider's default lifetime (Anthropic: 5 min). */
  CACHE_WRITE_5M("cache_write_5m", CostPart.CACHE_WRITE, Kind.INPUT_TOKEN, INPUT),
  /**
   * Tokens written to the prompt cache for one hour. On a card with only a default write rate, they
   * are billed at that rate and the price is partial, because one hour costs more.
   */
  CACHE_WRITE_1H("cache_write_1h", CostPart.CACHE_WRITE, Kind.INPUT_TOKEN, CACHE_WRITE_5M),
  /** Audio tokens in the prompt, not cached. */
  AUDIO_INPUT("input_audio", CostPart.AUDIO, Kind.INPUT_TOKEN, INPUT),
  /** Audio tokens read from the prompt cache. */
  AUDIO_CACHE_READ("cache_read_audio", CostPart.AUDIO, Kind.INPUT_TOKEN, CACHE_READ),
  /** Image tokens in the prompt, not cached. */
  IMAGE_INPUT("input_image", CostPart.IMAGE, Kind.INPUT_TOKEN, INPUT),
  /** Image tokens read from the prompt cache. */
  IMAGE_CACHE_READ("cache_read_image", CostPart.IMAGE, Kind.INPUT_TOKEN, CACHE_READ),
  /** Video tokens in the prompt. */
  VIDEO_INPUT("input_video", CostPart.IMAGE, Kind.INPUT_TOKEN, INPUT),
  /** Generated text tokens that are not in any other unit. */
  OUTPUT("output", CostPart.OUTPUT, Kind.OUTPUT_TOKEN, null),
  /** Reasoning tokens. */
  REASONING("reasoning", CostPart.REASONING, Kind.OUTPUT_TOKEN, OUTPUT),
  /** Citation tokens (Perplexity), reported in addition to the completion. */
  CITATION("citation", CostPart.OUTPUT, Kind.OUTPUT_TOKEN, OUTPUT),
  /** Generated audio tokens. */
  AUDIO_OUTPUT("output_audio", CostPart.AUDIO, Kind.OUTPUT_TOKEN, OUTPUT),
  /** Generated image tokens. */
  IMAGE_OUTPUT("output_image", CostPart.IMAGE, Kind.OUTPUT_TOKEN, OUTPUT),
  /** Generated video tokens. */
  VIDEO_OUTPUT("output_video", CostPart.IMAGE, Kind.OUTPUT_TOKEN, OUTPUT),
  /** Audio input, in milliseconds; rates and wire values are in seconds. */
  AUDIO_INPUT_SECONDS("input_audio_seconds", CostPart.AUDIO, Kind.INPUT_DURATION, null),
  /** Generated audio, in milliseconds; rates and wire values are in seconds. */
  AUDIO_OUTPUT_SECONDS("output_audio_seconds", CostPart.AUDIO, Kind.OUTPUT_DURATION, null),
  /** Video input, in milliseconds; rates and wire values are in seconds. */
  VIDEO_INPUT_SECONDS("input_video_seconds", CostPart.IMAGE, Kind.INPUT_DURATION, null),
  /** Generated video, in milliseconds; rates and wire values are in seconds. */
  VIDEO_OUTPUT_SECONDS("output_video_seconds", CostPart.IMAGE, Kind.OUTPUT_DURATION, null),
  /** Characters of input, for speech and for early Vertex AI models. */
  CHARACTERS_INPUT("input_characters", CostPart.INPUT, Kind.INPUT_PIECE, null),
  /** Characters of output. */
  CHARACTERS_OUTPUT("output_characters", CostPart.OUTPUT, Kind.OUTPUT_PIECE, null),
  /** Images in the prompt, billed by the image. */
  IMAGES_INPUT("input_images", CostPart.IMAGE, Kind.INPUT_PIECE, null),
  /** Generated images, billed by the image. */
  IMAGES_OUTPUT("output_images", CostPart.IMAGE, Kind.OUTPUT_PIECE, null),
  /** Pixels in the prompt. */
  PIXELS_INPUT("input_pixels", CostPart.IMAGE, Kind.INPUT_PIECE, null),
  /** Generated pixels. */
  PIXELS_OUTPUT("output_pixels", CostPart.IMAGE, Kind.OUTPUT_PIECE, null),
  /** Document pages read (OCR). */
  PAGES("input_document_pages", CostPart.INPUT, Kind.INPUT_PIECE, null),
  /** Document pages read and annotated (OCR). */
  ANNOTATED_PAGES("input_annotated_document_pages", CostPart.INPUT, Kind.INPUT_PIECE, null),
  /** Calls, for providers that charge a fee per call. A card without a rate charges none. */
  REQUEST("requests", CostPart.REQUEST, Kind.FEE, null),
  /** Search units of a rerank call. */
  RERANK_SEARCH("rerank_searches", CostPart.REQUEST, Kind.INPUT_PIECE, null),
  /** Web searches that the provider ran, not those that were only allowed. */
  WEB_SEARCH("web_searches", CostPart.TOOL, Kind.FEE, null),
  /**
   * Prompts that were grounded by search, regardless of the number of searches. On a card that has
   * a rate for this unit and not for {@link #WEB_SEARCH}, a call with web searches counts as one.
   */
  GROUNDED_PROMPT("grounded_prompts", CostPart.TOOL, Kind.FEE, null),
  /** Searches in the provider's vector store. */
  FILE_SEARCH("file_searches", CostPart.TOOL, Kind.FEE, null),
  /** Code interpreter containers started: one per container, not per call. */
  CODE_INTERPRETER_SESSION("code_interpreter_sessions", CostPart.TOOL, Kind.FEE, null);

  private static final Unit[] VALUES = values();
  private static final Map<String, Unit> BY_NAME = byName();

  private final String wireName;
  private final CostPart part;
  private final Kind kind;
  private final @Nullable Unit general;

  Unit(String wireName, CostPart part, Kind kind, @Nullable Unit general) {
    this.wireName = wireName;
    this.part = part;
    this.kind = kind;
    this.general = general;
  }

  /**
   * {@return the unit with a wire name, ignoring case, or null} {@code cache_write} is an alias of
   * {@link #CACHE_WRITE_5M}; {@code input_text}, {@code cache_read_text} and {@code output_text}
   * are aliases of the units without a modality.
   *
   * @param wireName the name
   */
  public static @Nullable Unit of(String wireName) {
    return BY_NAME.get(wireName.toLowerCase(Locale.ROOT));
  }

  /** {@return the name used in catalogs, on the command line and in reports} */
  public String wireName() {
    return wireName;
  }

  /** {@return the part of the cost that this unit counts towards} */
  public CostPart part() {
    return part;
  }

  /** {@return the number of smallest parts in one wire unit: 1000 for durations, otherwise 1} */
  public int scale() {
    return isDuration() ? 1000 : 1;
  }

  /**
   * Converts a quantity in smallest parts to wire units: {@code 125500} ms to {@code 125.5} s.
   *
   * @param quantity the quantity to convert
   * @return the quantity in wire units
   */
  public BigDecimal toWire(long quantity) {
    BigDecimal exact = BigDecimal.valueOf(quantity);
    return isDuration() ? exact.movePointLeft(3).stripTrailingZeros() : exact;
  }

  /**
   * Converts a quantity in wire units to smallest parts, as in {@link Usage}. Smaller fractions are
   * rounded up, as providers do.
   *
   * @param quantity the quantity to convert
   * @return the quantity in smallest parts
   * @throws ArithmeticException if it does not fit into a long
   */
  public long fromWire(BigDecimal quantity) {
    return quantity
        .multiply(BigDecimal.valueOf(scale()))
        .setScale(0, RoundingMode.CEILING)
        .longValueExact();
  }

  /** The more general unit, whose rate applies if this one has none; or null. */
  @Nullable Unit general() {
    return general;
  }

  boolean isInputToken() {
    return kind == Kind.INPUT_TOKEN;
  }

  /** {@return whether the unit is a token, of input or output} */
  public boolean isToken() {
    return kind == Kind.INPUT_TOKEN || kind == Kind.OUTPUT_TOKEN;
  }

  static int count() {
    return VALUES.length;
  }

  static Unit at(int ordinal) {
    return VALUES[ordinal];
  }

  private static Map<String, Unit> byName() {
    Map<String, Unit> names = new HashMap<>();
    for (Unit unit : VALUES) {
      names.put(unit.wireName, unit);
    }
    names.put("cache_write", CACHE_WRITE_5M);
    names.put("input_text", INPUT);
    names.put("cache_read_text", CACHE_READ);
    names.put("output_text", OUTPUT);
    return names;
  }

  /** Whether it measures the input of the call, in tokens or otherwise. */
  boolean measuresInput() {
    return kind == Kind.INPUT_TOKEN || kind == Kind.INPUT_DURATION || kind == Kind.INPUT_PIECE;
  }

  /** Whether it measures the output of the call, in tokens or otherwise. */
  boolean measuresOutput() {
    return kind == Kind.OUTPUT_TOKEN || kind == Kind.OUTPUT_DURATION || kind == Kind.OUTPUT_PIECE;
  }

  private boolean isDuration() {
    return kind == Kind.INPUT_DURATION || kind == Kind.OUTPUT_DURATION;
  }

  private enum Kind {
    INPUT_TOKEN,
    OUTPUT_TOKEN,
    INPUT_DURATION,
    OUTPUT_DURATION,
    INPUT_PIECE,
    OUTPUT_PIECE,
    /** Neither input nor output: the call itself, or a tool that it used. */
    FEE
  }
}
