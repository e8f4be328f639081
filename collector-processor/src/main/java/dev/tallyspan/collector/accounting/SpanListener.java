package dev.tallyspan.collector.accounting;

/**
 * Adds up spans about LLMs. Called on the threads that deliver batches, concurrently and in no
 * particular order. Implementations are thread-safe and do not block.
 */
@FunctionalInterface
public interface SpanListener {

  /**
   * @param span valid only during the call
   */
  void onSpan(CountedSpan span);
}
