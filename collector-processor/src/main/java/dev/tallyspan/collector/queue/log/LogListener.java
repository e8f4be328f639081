package dev.tallyspan.collector.queue.log;

/**
 * Receives what happens to a log besides appends. The methods are called on the log's threads, on
 * threads that read, and on threads that discard. They must not block, throw, or call the log.
 */
public interface LogListener {

  /** Does nothing. */
  LogListener NONE = new LogListener() {};

  /**
   * Entries turned out to be damaged when they were read. They are skipped. Called once for each
   * range, however many readers there are, and not for what {@link Recovery} lists.
   */
  default void damaged(DamagedRange range) {}

  /**
   * Entries are about to be deleted although they may still be needed, because the log is full and
   * drops the oldest ones. Called before anything is deleted.
   */
  default void dropping(long first, long last) {}

  /**
   * A group of appends was forced to the disk.
   *
   * @param nanos how long the force took
   */
  default void forced(long nanos) {}

  /** The log's health has changed. */
  default void healthChanged(Health health) {}
}
