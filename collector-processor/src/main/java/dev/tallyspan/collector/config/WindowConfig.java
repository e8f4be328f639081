package dev.tallyspan.collector.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long the spans of a trace with LLM calls wait for each other after a queue, and how many.
 *
 * @param quiet how long after the last span
 * @param quietAfterRoot the same once the root and every parent have come
 * @param maxAge how long after the first span at most
 * @param maxSpansPerTrace that wait
 * @param maxSpans of all traces that wait
 * @param maxBytes of all requests with spans that wait; null for an eighth of the heap
 * @param rememberedSpans that have been forwarded; 0 = none
 */
public record WindowConfig(
    Duration quiet,
    Duration quietAfterRoot,
    Duration maxAge,
    int maxSpansPerTrace,
    int maxSpans,
    @Nullable Long maxBytes,
    int rememberedSpans) {

  /** 10 s, 1 s after the root, at most 2 min; 10,000 spans of a trace, 200,000 of all. */
  public static final WindowConfig DEFAULT =
      new WindowConfig(
          Duration.ofSeconds(10),
          Duration.ofSeconds(1),
          Duration.ofMinutes(2),
          /* maxSpansPerTrace= */ 10_000,
          /* maxSpans= */ 200_000,
          /* maxBytes= */ null,
          /* rememberedSpans= */ 200_000);
}
