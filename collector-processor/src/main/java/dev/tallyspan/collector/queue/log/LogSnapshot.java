package dev.tallyspan.collector.queue.log;

import java.io.IOException;

/**
 * The entries that a log had when the snapshot was taken, for tools that look at a log while it is
 * in use. Entries that the log deletes in the meantime are skipped. Thread-safe.
 */
public final class LogSnapshot {

  private final Disk disk;
  private final Segments segments;
  private final Recovery recovery;

  private LogSnapshot(Disk disk, LogOpening.Opened opened) {
    this.disk = disk;
    segments = new Segments(opened.segments(), opened.end());
    recovery = opened.recovery();
  }

  static LogSnapshot open(Disk disk, MasterKeys keys) throws IOException {
    return new LogSnapshot(disk, LogOpening.look(disk, keys));
  }

  /** The sequence of the oldest entry; {@link #end} if there is none. */
  public long start() {
    return segments.start();
  }

  /** One more than the sequence of the newest entry. */
  public long end() {
    return segments.end();
  }

  /**
   * What was found. A write that is in progress looks like one that was torn; nothing was cut off.
   */
  public Recovery recovery() {
    return recovery;
  }

  /**
   * Passes all entries to {@code visitor}, in ascending order.
   *
   * @throws IOException if the disk cannot be read
   * @throws X as the visitor does, which ends the reading
   */
  public <X extends Exception> void forEach(RequestLog.Visitor<X> visitor) throws IOException, X {
    try (RequestLog.Reader reader = reader(start())) {
      reader.forEach(visitor);
    }
  }

  /** Returns a reader of the entries from the sequence {@code from} on. */
  public RequestLog.Reader reader(long from) {
    return new LogReader(
        disk,
        segments,
        new RecentEntries(0),
        LogListener.NONE,
        () -> false,
        /* othersDelete= */ true,
        from);
  }
}
