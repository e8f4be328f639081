package dev.tallyspan.semconv.internal.judge;

import dev.tallyspan.semconv.Operations;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.TokenUsage.Modalities;
import dev.tallyspan.semconv.TokenUsage.Semantics;
import dev.tallyspan.semconv.TokenUsage.Source;
import dev.tallyspan.semconv.internal.dialect.Draft;
import dev.tallyspan.semconv.span.Slot;
import org.jspecify.annotations.Nullable;

/*
 * Decides what the token counts of a span mean, and makes the totals include their parts.
 *
 * The conventions want cache reads and writes inside the input, and reasoning inside the output.
 * OpenAI counts so; Anthropic and Bedrock count cache tokens beside the input; Gemini counts
 * thoughts beside the candidates. Some emitters convert, some copy, and which of them do has changed
 * between versions. So the input is judged by evidence, in this order:
 *
 *  1. the provider's own payload on the span;
 *  2. arithmetic: parts larger than their total, a total that only adds up one way, the same count
 *     under an older key with or without the cache tokens, the uncached rest named by itself;
 *  3. what the dialect declares;
 *  4. what is known of the emitter and provider, see CacheConventions;
 *  5. nothing: inclusive, as the conventions say, and the verdict says that it was assumed.
 *
 * total = input + output proves nothing: who leaves cache tokens out of the input leaves them out of
 * the total as well. What Gemini's total has beyond the two are thoughts.
 */
final class UsageResolver {

  private final Draft span;

  /** The counts in the provider's payload; null if there is none. */
  private final @Nullable TokenUsage raw;

  private final long cacheRead;
  private final long cacheWrite;
  private final long cache;
  private final long total;
  private long input;
  private long output;
  private @Nullable Semantics semantics;
  private Source source;

  private UsageResolver(Draft span) {
    this.span = span;
    raw = span.providerUsage();
    input = span.count(Slot.INPUT_TOKENS);
    output = span.count(Slot.OUTPUT_TOKENS);
    cacheRead = cacheRead(span);
    cacheWrite = cacheWrite(span);
    cache = TokenUsage.known(cacheRead) + TokenUsage.known(cacheWrite);
    total = span.count(Slot.TOTAL_TOKENS);
    source = span.source();
  }

  /** The usage; null if the span has none, or zeros only: no call is without input. */
  static @Nullable TokenUsage resolve(Draft span) {
    UsageResolver resolver = new UsageResolver(span);
    TokenUsage usage = resolver.raw != null ? resolver.fromProvider(resolver.raw) : resolver.own();
    if (TokenUsage.known(usage.input())
            + TokenUsage.known(usage.output())
            + TokenUsage.known(usage.cacheRead())
            + TokenUsage.known(usage.cacheWrite())
        == 0) {
      return null;
    }
    resolver.writeBack(usage);
    return usage;
  }

  private TokenUsage own() {
    if (span.isProcessed()) {
      semantics = span.declaredSemantics();
      return usage(input, output, cacheRead, cacheWrite, span.count(Slot.REASONING_TOKENS));
    }
    if (input < 0 && output < 0 && Operations.EMBEDDINGS.equals(span.text(Slot.OPERATION))) {
      input = total; // an embedding has no output
    }
    if (input < 0 && span.count(Slot.UNCACHED_INPUT_TOKENS) >= 0) {
      input = span.count(Slot.UNCACHED_INPUT_TOKENS) + cache;
    }
    takeModalitiesIn();
    long reasoning = span.count(Slot.REASONING_TOKENS);
    if (reasoning > 0 && output >= 0 && besideOutput(reasoning)) {
      output += reasoning;
    } else if (reasoning <= 0 && leavesThoughtsOut(input, output)) {
      reasoning = total - input - output;
      output += reasoning;
    }
    semantics = judge();
    if (input >= 0
        && (semantics == Semantics.PROVEN_EXCLUSIVE || semantics == Semantics.PRESUMED_EXCLUSIVE)) {
      input += cache;
    }
    return usage(input, output, cacheRead, cacheWrite, reasoning);
  }

  /**
   * Adds tokens of images, audio or video that exceed the count, if the total includes them
   * separately.
   */
  private void takeModalitiesIn() {
    long ofInput = inputModalities().beyondText();
    long ofOutput = outputModalities().beyondText();
    if (input >= 0 && ofInput > input && total == input + ofInput + TokenUsage.known(output)) {
      input += ofInput;
    } else if (output >= 0
        && ofOutput > output
        && total == TokenUsage.known(input) + output + ofOutput) {
      output += ofOutput;
    }
  }

  /**
   * Gemini: whether the output excludes thoughts, recognised by their number, by the total, or by
   * the dialect.
   */
  private boolean besideOutput(long reasoning) {
    if (reasoning > output || (input >= 0 && total == input + output + reasoning)) {
      return true;
    }
    return Boolean.TRUE.equals(span.reasoningBeside()) && !(input >= 0 && total == input + output);
  }

  /**
   * Gemini's total holds the thoughts, which some emitters copy nowhere else though they are billed
   * like the rest of the output. Cache tokens that an emitter left out of the input are none.
   */
  private boolean leavesThoughtsOut(long input, long output) {
    String provider = span.text(Slot.PROVIDER);
    String model = span.text(Slot.REQUEST_MODEL);
    boolean gemini =
        provider != null
            && provider.startsWith("gcp.")
            && model != null
            && model.contains("gemini-");
    long rest = total - input - output;
    return gemini && input >= 0 && output >= 0 && rest > 0 && rest != cache;
  }

  private Semantics judge() {
    if (cache == 0) {
      return Semantics.NONE;
    }
    if (input < 0) {
      return Semantics.ASSUMED;
    }
    Semantics proven = arithmetic();
    if (proven != null) {
      return proven;
    }
    if (span.declaredSemantics() != null) {
      return span.declaredSemantics();
    }
    Semantics known =
        CacheConventions.of(
            span.recognised(), span.text(Slot.PROVIDER), span.text(Slot.REQUEST_MODEL));
    return known != null ? known : Semantics.ASSUMED;
  }

  private @Nullable Semantics arithmetic() {
    if (cache > input) {
      return Semantics.PROVEN_EXCLUSIVE;
    }
    long uncached = span.count(Slot.UNCACHED_INPUT_TOKENS);
    if (uncached >= 0 && input == uncached + cache) {
      return Semantics.PROVEN_INCLUSIVE;
    }
    if (uncached >= 0 && input == uncached) {
      return Semantics.PROVEN_EXCLUSIVE;
    }
    for (long other : span.inputClaims()) {
      if (input == other + cache) {
        return Semantics.PROVEN_INCLUSIVE;
      }
      if (other == input + cache) {
        return Semantics.PROVEN_EXCLUSIVE;
      }
    }
    return output >= 0 && total == input + output + cache ? Semantics.PROVEN_EXCLUSIVE : null;
  }

  private TokenUsage fromProvider(TokenUsage raw) {
    long rawCache = TokenUsage.known(raw.cacheRead()) + TokenUsage.known(raw.cacheWrite());
    if (rawCache == 0) {
      semantics = Semantics.NONE;
    } else if (input == raw.uncachedInput()) {
      semantics = Semantics.PROVEN_EXCLUSIVE;
    } else {
      semantics = Semantics.PROVEN_INCLUSIVE;
    }
    boolean sameInput = input == raw.input() || input == raw.uncachedInput();
    if (source != Source.ESTIMATED && !(sameInput && output == raw.output())) {
      source = Source.RECOVERED;
    }
    long in = either(raw.input(), input);
    long read = either(raw.cacheRead(), cacheRead);
    long write = either(raw.cacheWrite(), cacheWrite);
    if (in >= 0 && TokenUsage.known(read) + TokenUsage.known(write) > in) {
      // Counts that the provider did not report and that do not fit are about something else.
      read = raw.cacheRead();
      write = raw.cacheWrite();
      if (rawCache > in) {
        semantics = Semantics.PROVEN_EXCLUSIVE;
        in += rawCache;
      }
    }
    long out = either(raw.output(), output);
    long reasoning = either(raw.reasoning(), span.count(Slot.REASONING_TOKENS));
    if (reasoning <= 0 && leavesThoughtsOut(in, out)) {
      reasoning = total - in - out;
      out += reasoning;
    }
    return usage(
        in,
        out,
        read,
        write,
        reasoning,
        either(raw.cacheWrite5m(), span.count(Slot.CACHE_WRITE_5M_TOKENS)),
        either(raw.cacheWrite1h(), span.count(Slot.CACHE_WRITE_1H_TOKENS)));
  }

  private TokenUsage usage(long in, long out, long read, long write, long reasoning) {
    return usage(
        in,
        out,
        read,
        write,
        reasoning,
        span.count(Slot.CACHE_WRITE_5M_TOKENS),
        span.count(Slot.CACHE_WRITE_1H_TOKENS));
  }

  private TokenUsage usage(
      long in, long out, long read, long write, long reasoning, long for5m, long for1h) {
    boolean lifetimesFit =
        TokenUsage.known(for5m) + TokenUsage.known(for1h) <= TokenUsage.known(write);
    return TokenUsage.inclusive()
        .input(in)
        .output(out)
        .cacheRead(read)
        .cacheWrite(write)
        .cacheWrite5m(lifetimesFit ? for5m : TokenUsage.UNKNOWN)
        .cacheWrite1h(lifetimesFit ? for1h : TokenUsage.UNKNOWN)
        .reasoning(reasoning)
        .inputModalities(
            raw == null ? inputModalities() : raw.inputModalities().or(inputModalities()))
        .outputModalities(
            raw == null ? outputModalities() : raw.outputModalities().or(outputModalities()))
        .cacheReadModalities(
            raw == null
                ? cacheReadModalities(span)
                : raw.cacheReadModalities().or(cacheReadModalities(span)))
        .semantics(semantics)
        .source(source)
        .build();
  }

  private Modalities inputModalities() {
    return new Modalities(
        span.count(Slot.TEXT_INPUT_TOKENS),
        span.count(Slot.IMAGE_INPUT_TOKENS),
        span.count(Slot.AUDIO_INPUT_TOKENS),
        span.count(Slot.VIDEO_INPUT_TOKENS));
  }

  private Modalities outputModalities() {
    return new Modalities(
        span.count(Slot.TEXT_OUTPUT_TOKENS),
        span.count(Slot.IMAGE_OUTPUT_TOKENS),
        span.count(Slot.AUDIO_OUTPUT_TOKENS),
        span.count(Slot.VIDEO_OUTPUT_TOKENS));
  }

  private static Modalities cacheReadModalities(Draft span) {
    return new Modalities(
        span.count(Slot.TEXT_CACHE_READ_TOKENS),
        span.count(Slot.IMAGE_CACHE_READ_TOKENS),
        span.count(Slot.AUDIO_CACHE_READ_TOKENS),
        TokenUsage.UNKNOWN);
  }

  /**
   * The cache reads; what the modalities sum to, if there is no count of all. Of a span that was
   * processed before there is none because it was set aside.
   */
  private static long cacheRead(Draft span) {
    long read = span.count(Slot.CACHE_READ_TOKENS);
    Modalities of = cacheReadModalities(span);
    long sum = TokenUsage.known(of.text()) + of.beyondText();
    return read == TokenUsage.UNKNOWN && sum > 0 && !span.isProcessed() ? sum : read;
  }

  /** Puts what was decided into the slots, so that they are rendered and explained. */
  private void writeBack(TokenUsage usage) {
    String rule =
        raw != null
            ? "provider's usage in " + span.providerUsageKey()
            : "cache tokens: " + usage.semantics().wireName();
    correct(Slot.INPUT_TOKENS, usage.input(), rule);
    correct(Slot.OUTPUT_TOKENS, usage.output(), rule);
    correct(Slot.CACHE_READ_TOKENS, usage.cacheRead(), rule);
    correct(Slot.CACHE_WRITE_TOKENS, usage.cacheWrite(), rule);
    correct(Slot.CACHE_WRITE_5M_TOKENS, usage.cacheWrite5m(), rule);
    correct(Slot.CACHE_WRITE_1H_TOKENS, usage.cacheWrite1h(), rule);
    correct(Slot.REASONING_TOKENS, usage.reasoning(), rule);
    if (raw != null) {
      Modalities in = raw.inputModalities();
      add(Slot.TEXT_INPUT_TOKENS, in.text(), rule);
      add(Slot.IMAGE_INPUT_TOKENS, in.image(), rule);
      add(Slot.AUDIO_INPUT_TOKENS, in.audio(), rule);
      add(Slot.VIDEO_INPUT_TOKENS, in.video(), rule);
      Modalities out = raw.outputModalities();
      add(Slot.TEXT_OUTPUT_TOKENS, out.text(), rule);
      add(Slot.IMAGE_OUTPUT_TOKENS, out.image(), rule);
      add(Slot.AUDIO_OUTPUT_TOKENS, out.audio(), rule);
      add(Slot.VIDEO_OUTPUT_TOKENS, out.video(), rule);
      Modalities read = raw.cacheReadModalities();
      add(Slot.TEXT_CACHE_READ_TOKENS, read.text(), rule);
      add(Slot.IMAGE_CACHE_READ_TOKENS, read.image(), rule);
      add(Slot.AUDIO_CACHE_READ_TOKENS, read.audio(), rule);
    }
  }

  /** A count by modality is written if there are any; of most calls, all is text. */
  private void add(Slot<Long> slot, long count, String rule) {
    if (count > 0 && span.count(slot) != count) {
      span.correct(slot, count, rule);
    }
  }

  private void correct(Slot<Long> slot, long count, String rule) {
    if (count == TokenUsage.UNKNOWN) {
      span.withdraw(slot);
    } else if (span.count(slot) != count) {
      span.correct(slot, count, rule);
    }
  }

  private static long cacheWrite(Draft span) {
    long written = span.count(Slot.CACHE_WRITE_TOKENS);
    long for5m = span.count(Slot.CACHE_WRITE_5M_TOKENS);
    long for1h = span.count(Slot.CACHE_WRITE_1H_TOKENS);
    if (for5m < 0 && for1h < 0) {
      return written;
    }
    long byLifetime = TokenUsage.known(for5m) + TokenUsage.known(for1h);
    return written <= 0 ? byLifetime : written;
  }

  private static long either(long first, long second) {
    return first == TokenUsage.UNKNOWN ? second : first;
  }
}
