package dev.tallyspan.collector.queue.log;

import dev.tallyspan.collector.flow.EpochNanos;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import dev.tallyspan.collector.wire.Slices;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A log in memory: what it holds is lost when the process ends. Thread-safe. */
public final class MemoryLog implements RequestLog {

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final long maxBytes;
  private final InstantSource clock;

  // Guarded by this.
  private final NavigableMap<Long, LogEntry> entries = new TreeMap<>();
  private long bytes;
  private long next;
  private boolean closed;

  /**
   * @param maxBytes the total size of the requests that it holds; a request always fits into an
   *     empty log
   */
  public MemoryLog(long maxBytes, InstantSource clock) {
    if (maxBytes <= 0) {
      throw new IllegalArgumentException("maxBytes=" + maxBytes + ": must be positive");
    }
    this.maxBytes = maxBytes;
    this.clock = clock;
  }

  @Override
  public void append(Signal signal, int items, List<String> labels, Slices body, Appended result) {
    long sequence = -1;
    Outcome.Refused refusal = null;
    long now = EpochNanos.now(clock);
    synchronized (this) {
      if (closed) {
        refusal = new Outcome.Refused(StatusCode.UNAVAILABLE, "the queue is closing", null);
      } else if (!entries.isEmpty() && bytes + body.size() > maxBytes) {
        refusal =
            new Outcome.Refused(StatusCode.UNAVAILABLE, "the queue in memory is full", RETRY_AFTER);
      } else {
        sequence = next++;
        bytes += body.size();
        entries.put(sequence, new LogEntry(sequence, now, signal, items, labels, body));
      }
    }
    if (refusal != null) {
      result.refused(refusal);
    } else {
      result.stored(sequence);
    }
  }

  @Override
  public synchronized long start() {
    return entries.isEmpty() ? next : entries.firstKey();
  }

  @Override
  public synchronized long end() {
    return next;
  }

  @Override
  public Reader reader(long from) {
    return new Reader() {
      private long at = from;

      @Override
      public @Nullable LogEntry next() {
        synchronized (MemoryLog.this) {
          Map.Entry<Long, LogEntry> entry = entries.ceilingEntry(at);
          if (entry == null) {
            return null;
          }
          at = entry.getKey() + 1;
          return entry.getValue();
        }
      }

      @Override
      public void close() {}
    };
  }

  /** Removes the entry, and makes room. */
  @Override
  public synchronized void release(long sequence) {
    LogEntry entry = entries.remove(sequence);
    bytes -= entry == null ? 0 : entry.body().size();
  }

  @Override
  public long erase(long first, long last, Predicate<LogEntry> which) {
    List<LogEntry> kept;
    synchronized (this) {
      kept = List.copyOf(entries.values());
    }
    long erased = 0;
    for (LogEntry entry : kept) {
      if (entry.sequence() >= first && entry.sequence() <= last && which.test(entry)) {
        release(entry.sequence());
        erased++;
      }
    }
    return erased;
  }

  /** Does nothing: entries are released one by one. */
  @Override
  public void discard(Done done) {}

  @Override
  public synchronized void close() {
    closed = true;
  }
}
