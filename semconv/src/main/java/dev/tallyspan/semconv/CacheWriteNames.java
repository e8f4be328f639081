package dev.tallyspan.semconv;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Under which of its two standard names the number of input tokens written to a cache stands on
 * spans. The conventions renamed it after v1.41, and most backends read one of the two only.
 */
public enum CacheWriteNames {
  /** Both names, for backends that read the one that they know. */
  BOTH("both", "gen_ai.usage.cache_write.input_tokens", "gen_ai.usage.cache_creation.input_tokens"),
  /** {@code gen_ai.usage.cache_write.input_tokens} alone. */
  CURRENT("current", "gen_ai.usage.cache_write.input_tokens"),
  /**
   * {@code gen_ai.usage.cache_creation.input_tokens} alone, for backends to which every {@code
   * gen_ai.usage.*} attribute that they do not know is a kind of tokens of its own, as to Langfuse.
   */
  LEGACY("legacy", "gen_ai.usage.cache_creation.input_tokens");

  /** Its host, or the path that it serves OTLP under wherever it runs. */
  private static final Pattern LANGFUSE =
      Pattern.compile(
          "^https?://([^/@]*@)?([a-z0-9.-]+\\.)?langfuse\\.com([:/]|$)|/api/public/otel(/|$)");

  private final String wireName;
  private final List<String> keys;

  CacheWriteNames(String wireName, String... keys) {
    this.wireName = wireName;
    this.keys = List.of(keys);
  }

  /** The name in configuration. */
  public String wireName() {
    return wireName;
  }

  /**
   * The names by their name in configuration.
   *
   * @throws IllegalArgumentException if there are none
   */
  public static CacheWriteNames ofName(String wireName) {
    for (CacheWriteNames names : values()) {
      if (names.wireName.equals(wireName)) {
        return names;
      }
    }
    throw new IllegalArgumentException(
        "cacheWriteNames=" + wireName + " is unknown; known: both, current, legacy");
  }

  /**
   * The names for a destination, told from its URL: {@link #LEGACY} for Langfuse, which reads that
   * name and takes the other for tokens of another kind; null for any other.
   *
   * @param url of an OTLP endpoint
   */
  public static @Nullable CacheWriteNames forEndpoint(@Nullable String url) {
    if (url == null) {
      return null;
    }
    String lower = url.strip().toLowerCase(Locale.ROOT);
    return LANGFUSE.matcher(lower).find() ? LEGACY : null;
  }

  public List<String> keys() {
    return keys;
  }

  /** What a generation has, if nothing else is asked for: all of its own names, and older ones. */
  public static CacheWriteNames of(Generation generation) {
    return generation == Generation.CORE_1_41 ? LEGACY : BOTH;
  }
}
