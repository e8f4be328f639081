package dev.tallyspan.collector.queue.log;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The newest entries, so that a reader that keeps up does not read them back from the disk. Limited
 * by the memory that they take. Thread-safe.
 */
final class RecentEntries {

  /**
   * @param nextOffset where the record after this one begins in the segment
   */
  record Recent(LogEntry entry, Segment segment, long nextOffset, int group) {}

  /** What an entry takes besides its body and labels, roughly. */
  private static final int ENTRY_BYTES = 256;

  private final long maxBytes;

  // Guarded by this.
  private final Map<Long, Recent> bySequence = new HashMap<>();
  private final ArrayDeque<Recent> oldestFirst = new ArrayDeque<>();
  private long bytes;

  /**
   * @param maxBytes 0 = none are kept
   */
  RecentEntries(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  synchronized void add(Recent recent) {
    long size = size(recent);
    if (size > maxBytes) {
      return;
    }
    bySequence.put(recent.entry().sequence(), recent);
    oldestFirst.add(recent);
    bytes += size;
    while (bytes > maxBytes) {
      removeOldest();
    }
  }

  synchronized @Nullable Recent get(long sequence) {
    return bySequence.get(sequence);
  }

  /** Forgets all entries up to this one. */
  synchronized void removeThrough(long last) {
    for (Recent oldest = oldestFirst.peek();
        oldest != null && oldest.entry().sequence() <= last;
        oldest = oldestFirst.peek()) {
      removeOldest();
    }
  }

  /** Forgets an entry. */
  synchronized void remove(long sequence) {
    Recent removed = bySequence.remove(sequence);
    if (removed != null) {
      oldestFirst.remove(removed);
      bytes -= size(removed);
    }
  }

  synchronized void clear() {
    bySequence.clear();
    oldestFirst.clear();
    bytes = 0;
  }

  private void removeOldest() {
    Recent oldest = oldestFirst.remove();
    bySequence.remove(oldest.entry().sequence());
    bytes -= size(oldest);
  }

  private static long size(Recent recent) {
    long size = ENTRY_BYTES + recent.entry().body().size();
    for (String label : recent.entry().labels()) {
      size += label.length();
    }
    return size;
  }
}
