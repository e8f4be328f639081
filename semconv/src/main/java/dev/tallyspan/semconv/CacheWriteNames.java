package dev.tallyspan.semconv;

import java.util.List;

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

  List<String> keys() {
    return keys;
  }

  /** What a generation has, if nothing else is asked for: all of its own names, and older ones. */
  static CacheWriteNames of(Generation generation) {
    return generation == Generation.CORE_1_41 ? LEGACY : BOTH;
  }
}
