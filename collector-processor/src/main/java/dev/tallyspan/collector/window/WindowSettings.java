package dev.tallyspan.collector.window;

import dev.tallyspan.collector.flow.Heap;
import java.time.Duration;

/**
 * How long a trace is held, and how much of all traces. Where a limit is reached, traces are
 * decided early, with what is known of them.
 *
 * @param decisionWait after the last span of a trace; default 10 s
 * @param afterRoot after the last span of a trace whose root has ended and of whose spans every
 *     parent is known; default 1 s
 * @param maxAge after the first span of a trace; default 2 min
 * @param maxSpansPerTrace default 10,000
 * @param maxSpans of all traces; default 200,000
 * @param maxBytes of memory that all requests with spans that are held take, with what was read of
 *     them; default an eighth of the heap
 * @param remembered the number of forwarded spans that are remembered, without their content, to
 *     decide about late ones; default 200,000; 0 = none
 */
public record WindowSettings(
    Duration decisionWait,
    Duration afterRoot,
    Duration maxAge,
    int maxSpansPerTrace,
    int maxSpans,
    long maxBytes,
    int remembered) {

  public static final WindowSettings DEFAULT =
      new WindowSettings(
          Duration.ofSeconds(10),
          Duration.ofSeconds(1),
          Duration.ofMinutes(2),
          /* maxSpansPerTrace= */ 10_000,
          /* maxSpans= */ 200_000,
          Heap.share(8),
          /* remembered= */ 200_000);

  /**
   * @throws IllegalArgumentException if a time or a limit is not positive
   */
  public WindowSettings {
    positive("decision_wait", decisionWait);
    positive("decision_wait_after_root_received", afterRoot);
    positive("max_age", maxAge);
    positive("max_spans_per_trace", maxSpansPerTrace);
    positive("max_spans", maxSpans);
    positive("max_bytes", maxBytes);
    if (remembered < 0) {
      throw new IllegalArgumentException("remembered=" + remembered + ": must not be negative");
    }
  }

  private static void positive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + "=" + value + ": must be positive");
    }
  }

  private static void positive(String name, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + "=" + value + ": must be positive");
    }
  }
}
