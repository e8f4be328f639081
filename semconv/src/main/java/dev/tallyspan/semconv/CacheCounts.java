package dev.tallyspan.semconv;

/**
 * What the emitter of a dialect does with the cache tokens of providers that count them beside the
 * input: whether its input count holds them.
 */
enum CacheCounts {
  /** Adds them to the input. */
  ADDED,
  /** Copies the provider's count, without them. */
  COPIED,
  /** Not known. */
  UNKNOWN
}
