package dev.tallyspan.collector.wire;

/** Decides what changes on a log record. */
@FunctionalInterface
public interface LogEditor {

  /**
   * Reads {@code log} and asks for changes. Neither argument, nor a view that the record returns,
   * may be kept beyond the call; strings and arrays may.
   *
   * <p>If it throws, this record leaves as it came, and {@link Rewritten#failed} counts it.
   */
  void edit(WireLog log, LogEdits edits);

  /**
   * Is told of each record that leaves as it came because {@link #edit} threw, or because it or its
   * resource has too many keys and values: a {@link TooManyValuesException}. Must not throw.
   */
  default void failed(Throwable cause) {}
}
