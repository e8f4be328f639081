package dev.tallyspan.semconv.internal.judge;

import dev.tallyspan.semconv.span.Slot;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells what a token count is from the words of its key, for spellings that no table has: {@code
 * gen_ai.usage.input_cached_audio_tokens} and {@code gen_ai.usage.cached_tokens} are made of the
 * same few words as the tables' keys. Every word must be known, and all of them together must mean
 * one thing; else the count stays unread.
 */
final class UsageWords {

  /** An array, because it is gone through for each key of each span. */
  private static final String[] PREFIXES = {
    "gen_ai.usage.", "llm.usage.", "llm.token_count.", "ai.usage."
  };

  private static final Set<String> INPUT = Set.of("input", "prompt");
  private static final Set<String> OUTPUT =
      Set.of("output", "completion", "candidates", "response", "generated");
  private static final Set<String> CACHED = Set.of("cached", "cache");
  private static final Set<String> READ = Set.of("read", "hit", "cached");
  private static final Set<String> WRITE = Set.of("write", "written", "creation", "created");
  private static final Set<String> REASONING =
      Set.of("reasoning", "thinking", "thoughts", "thought");

  private static final Map<String, Slot<Long>> INPUT_SLOTS =
      Map.of(
          "text", Slot.TEXT_INPUT_TOKENS,
          "image", Slot.IMAGE_INPUT_TOKENS,
          "audio", Slot.AUDIO_INPUT_TOKENS,
          "video", Slot.VIDEO_INPUT_TOKENS);

  private static final Map<String, Slot<Long>> OUTPUT_SLOTS =
      Map.of(
          "text", Slot.TEXT_OUTPUT_TOKENS,
          "image", Slot.IMAGE_OUTPUT_TOKENS,
          "audio", Slot.AUDIO_OUTPUT_TOKENS,
          "video", Slot.VIDEO_OUTPUT_TOKENS);

  private static final Map<String, Slot<Long>> CACHE_READ_SLOTS =
      Map.of(
          "text", Slot.TEXT_CACHE_READ_TOKENS,
          "image", Slot.IMAGE_CACHE_READ_TOKENS,
          "audio", Slot.AUDIO_CACHE_READ_TOKENS);

  /** Words that only mean that this is a count of tokens. */
  private static final Set<String> FILLERS =
      Set.of("token", "tokens", "count", "counts", "details", "detail", "content", "ephemeral");

  private final Set<String> words;

  private UsageWords(Set<String> words) {
    this.words = words;
  }

  /** Whether a key with this beginning counts what a call used. */
  static boolean isUsage(String key) {
    for (String prefix : PREFIXES) {
      if (key.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  /** The slot that the key's count belongs in; null if its words do not tell. */
  static @Nullable Slot<Long> slot(String key) {
    for (String prefix : PREFIXES) {
      if (key.startsWith(prefix)) {
        UsageWords words = new UsageWords(split(key.substring(prefix.length())));
        boolean ofTokens =
            prefix.endsWith("token_count.")
                || words.words.contains("tokens")
                || words.words.contains("token");
        words.words.removeAll(FILLERS);
        return ofTokens ? words.slot() : null;
      }
    }
    return null;
  }

  private @Nullable Slot<Long> slot() {
    boolean input = take(INPUT);
    boolean output = take(OUTPUT);
    boolean reasoning = take(REASONING);
    String modality = modality();
    boolean write = take(WRITE);
    boolean read = take(READ);
    boolean cached = take(CACHED) || read;
    boolean for5m = words.remove("5m");
    boolean for1h = words.remove("1h");
    if (!words.isEmpty() || input && output) {
      return null;
    }
    if (cached || write || for5m || for1h) {
      if (output || reasoning || !cached) {
        return null;
      }
      return write ? write(modality, read, for5m, for1h) : read(modality, read, for5m || for1h);
    }
    if (reasoning) {
      return input || modality != null ? null : Slot.REASONING_TOKENS;
    }
    if (input == output) {
      return null; // neither: it is not stated which of the two
    }
    if (modality == null) {
      return input ? Slot.INPUT_TOKENS : Slot.OUTPUT_TOKENS;
    }
    return (input ? INPUT_SLOTS : OUTPUT_SLOTS).get(modality);
  }

  private static @Nullable Slot<Long> write(
      @Nullable String modality, boolean read, boolean for5m, boolean for1h) {
    if (modality != null || read || for5m && for1h) {
      return null;
    }
    return for5m
        ? Slot.CACHE_WRITE_5M_TOKENS
        : for1h ? Slot.CACHE_WRITE_1H_TOKENS : Slot.CACHE_WRITE_TOKENS;
  }

  /** "Cache" alone may be read or written. */
  private static @Nullable Slot<Long> read(
      @Nullable String modality, boolean read, boolean lifetime) {
    if (!read || lifetime || "video".equals(modality)) {
      return null;
    }
    return modality == null ? Slot.CACHE_READ_TOKENS : CACHE_READ_SLOTS.get(modality);
  }

  private boolean take(Set<String> any) {
    boolean found = false;
    for (String word : any) {
      found |= words.remove(word);
    }
    return found;
  }

  /** The only modality; of two, one stays among the words, so that nothing is told. */
  private @Nullable String modality() {
    for (String modality : INPUT_SLOTS.keySet()) {
      if (words.remove(modality)) {
        return modality;
      }
    }
    return null;
  }

  /** The words between dots, underscores and humps, in lower case. */
  private static Set<String> split(String name) {
    Set<String> words = new HashSet<>();
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean hump = Character.isUpperCase(c) && i > 0 && Character.isLowerCase(name.charAt(i - 1));
      if (c == '.' || c == '_' || c == '-' || hump) {
        add(word, words);
      }
      if (c != '.' && c != '_' && c != '-') {
        word.append(Character.toLowerCase(c));
      }
    }
    add(word, words);
    return words;
  }

  private static void add(StringBuilder word, Set<String> words) {
    if (word.length() > 0) {
      words.add(word.toString());
      word.setLength(0);
    }
  }
}
