package dev.tallyspan.collector.wire;

/** Decides what changes on a span. */
@FunctionalInterface
public interface SpanEditor {

  /**
   * Reads {@code span} and asks for changes. Neither argument, nor a view that the span returns,
   * may be kept beyond the call; strings and arrays may.
   *
   * <p>If it throws, this span leaves as it came, and {@link Rewritten#failed} counts it.
   */
  void edit(WireSpan span, SpanEdits edits);

  /**
   * Is told of each span that leaves as it came because {@link #edit} threw, or because it or its
   * resource has too many keys and values: a {@link TooManyValuesException}. Must not throw.
   */
  default void failed(Throwable cause) {}
}
