package dev.tallyspan.semconv.internal.dialect;

/**
 * What the emitter of a dialect does with the cache tokens of providers that count them beside the
 * input: whether its input count holds them.
 */
public enum CacheCounts {
  /** Adds them to the input. */
  ADDED,
  /** Copies the provider's count, without them. */
  COPIED,
  /** Not known. */
  UNKNOWN
}
