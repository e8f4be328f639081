package dev.tallyspan.collector.queue.log;

import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.wire.Slices;
import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An ordered log of requests. Requests are appended at the end, read by any number of readers, and
 * discarded when no reader needs them. Thread-safe, except for {@link Reader}.
 */
public interface RequestLog extends AutoCloseable {

  /** Receives the result of an append: one call, on any thread. Must not block or throw. */
  interface Appended {

    /** The request is kept as the log promises, and readers can see it. */
    void stored(long sequence);

    /**
     * The request was not kept. The refusal is retryable if the same request may be appended later.
     */
    void refused(Outcome.Refused why);
  }

  /** Reads entries in ascending order. Used by one thread at a time. */
  interface Reader extends AutoCloseable {

    /**
     * Returns the next entry; null if all stored entries have been read, in which case a later call
     * returns the entries that were stored in the meantime. Skips entries that were discarded or
     * are damaged.
     *
     * @throws IOException if the disk cannot be read; a later call tries the same entry again
     */
    @Nullable LogEntry next() throws IOException;

    /**
     * Passes all entries to {@code visitor} that have been stored by now.
     *
     * @throws IOException if the disk cannot be read
     * @throws X as the visitor does, which ends the reading
     */
    default <X extends Exception> void forEach(Visitor<X> visitor) throws IOException, X {
      for (LogEntry entry = next(); entry != null; entry = next()) {
        visitor.visit(entry);
      }
    }

    @Override
    void close();
  }

  /**
   * Receives entries, one after another.
   *
   * @param <X> what it throws
   */
  @FunctionalInterface
  interface Visitor<X extends Exception> {
    void visit(LogEntry entry) throws X;
  }

  /** Answers whether entries are still needed. */
  @FunctionalInterface
  interface Done {

    /** Whether none of the entries from {@code first} to {@code last}, inclusive, is needed. */
    boolean covers(long first, long last);
  }

  /**
   * Appends a request. Does not block: the result arrives later, or on the calling thread if the
   * request is refused immediately.
   *
   * @param body must not be modified afterwards
   */
  void append(Signal signal, int items, List<String> labels, Slices body, Appended result);

  /** The sequence of the oldest entry that is kept; {@link #end} if there is none. */
  long start();

  /** One more than the sequence of the newest stored entry. */
  long end();

  /** Returns a reader of the entries from the sequence {@code from} on. */
  Reader reader(long from);

  /**
   * An entry is no longer needed. A log may release the memory that it takes; a reader may still
   * return the entry. Default: does nothing.
   */
  default void release(long sequence) {}

  /**
   * Erases entries that are kept although they are done, so that nothing of them can be read any
   * more. Blocks while entries are read and overwritten. Default: does nothing, for a log that
   * keeps no entries that are done.
   *
   * @param first the first sequence to look at
   * @param last the last one, inclusive
   * @param which called for each entry in between; the entries that it selects must be done
   * @return how many entries were erased
   * @throws IOException if the disk cannot be read or written; some entries may be erased then
   */
  default long erase(long first, long last, Predicate<LogEntry> which) throws IOException {
    return 0;
  }

  /** Discards entries that are done, as far as the log can: in whole segments, for example. */
  void discard(Done done);

  /**
   * Stops accepting entries, waits until those that were accepted are stored or refused, and
   * releases the log.
   */
  @Override
  void close();
}
