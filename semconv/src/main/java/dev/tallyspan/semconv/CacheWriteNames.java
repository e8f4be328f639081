package dev.tallyspan.semconv;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The standard names under which the number of input tokens written to a cache is set on spans. The
 * conventions renamed the attribute after v1.41, and most backends read only one of the two names.
 */
public enum CacheWriteNames {
  /** Both names, for backends that ignore the name that they do not know. */
  BOTH("both", "gen_ai.usage.cache_write.input_tokens", "gen_ai.usage.cache_creation.input_tokens"),
  /** Only {@code gen_ai.usage.cache_write.input_tokens}. */
  CURRENT("current", "gen_ai.usage.cache_write.input_tokens"),
  /**
   * {@code gen_ai.usage.cache_creation.input_tokens} only, for backends such as Langfuse that treat
   * every unknown {@code gen_ai.usage.*} attribute as a separate kind of tokens.
   */
  LEGACY("legacy", "gen_ai.usage.cache_creation.input_tokens");

  /** Langfuse's host, or the path under which every installation of it serves OTLP. */
  private static final Pattern LANGFUSE =
      Pattern.compile(
          "^https?://([^/@]*@)?([a-z0-9.-]+\\.)?langfuse\\.com([:/]|$)|/api/public/otel(/|$)");

  private final String wireName;
  private final List<String> keys;

  CacheWriteNames(String wireName, String... keys) {
    this.wireName = wireName;
    this.keys = List.of(keys);
  }

  /** {@return the name in configuration} */
  public String wireName() {
    return wireName;
  }

  /**
   * {@return the names with this name in configuration}
   *
   * @param wireName the name
   * @throws IllegalArgumentException if the name is not known
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
   * {@return the names for a destination, recognised by its URL: {@link #LEGACY} for Langfuse,
   * which reads only that name and treats the other as another kind of tokens; null for any other
   * destination}
   *
   * @param url the URL of an OTLP endpoint; may be null
   */
  public static @Nullable CacheWriteNames forEndpoint(@Nullable String url) {
    if (url == null) {
      return null;
    }
    String lower = url.strip().toLowerCase(Locale.ROOT);
    return LANGFUSE.matcher(lower).find() ? LEGACY : null;
  }

  /** {@return the attribute keys} */
  public List<String> keys() {
    return keys;
  }

  /**
   * {@return the default for a generation: the names that it defines, and older ones}
   *
   * @param generation the generation of the conventions
   */
  public static CacheWriteNames of(ConventionVersion generation) {
    return generation == ConventionVersion.CORE_1_41 ? LEGACY : BOTH;
  }
}
