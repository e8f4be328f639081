package dev.tallyspan.collector.queue;

import dev.tallyspan.collector.flow.Heap;
import dev.tallyspan.collector.flow.InternalFault;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.SenderAck;
import dev.tallyspan.collector.flow.Timer;
import dev.tallyspan.collector.queue.log.LogEntry;
import dev.tallyspan.collector.queue.log.RequestLog;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes the requests of one output from the log, in order, and passes them on. Thread-safe.
 *
 * <p>{@link #wake} may be called on any thread and does not block. Reading and passing on happens
 * on the executor's threads.
 */
final class Lane {

  /*
   * A request is in one of four states, as seen by its output:
   *
   *   in the log --(read, while there is room)--> outstanding --(settled)--> done
   *                                                ^    |
   *                                                |    v
   *                                              waiting (refused for now, or a dead letter that
   *                                                       could not be kept)
   *
   * Outstanding requests are held in memory, so their number and size are limited. The others stay
   * in the log, however many there are: an output whose backend is down for a day costs no memory.
   *
   * Requests are settled in any order. The set of done sequences is what is stored between runs; it
   * is a few ranges, because requests are read in order. A sequence becomes done only after its
   * request was delivered, kept as a dead letter, or found to be for other outputs, so what is
   * stored is never ahead of what happened.
   *
   * Two locks: `reading` is held while the disk is read, and only by the executor's threads; `this`
   * guards the rest and is held briefly, because responses arrive on the threads of transports.
   */

  private static final Logger LOGGER = System.getLogger(Lane.class.getName());

  private static final int MAX_OUTSTANDING = 1000;

  /** The same if the output holds requests back. */
  private static final int MAX_HELD = 100_000;

  private static final long MAX_OUTSTANDING_BYTES = Math.min(64L << 20, Heap.share(16));

  private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);

  private final QueueOutput output;
  private final RequestLog log;
  private final EntrySizes sizes;
  private final DeadLetters deadLetters;
  private final Executor executor;
  private final Timer timer;
  private final LongConsumer onDone;

  private final Object reading = new Object();
  private RequestLog.@Nullable Reader reader;
  private long expected;

  // Guarded by this.
  private final SequenceSet done;
  private final NavigableMap<Long, LogEntry> outstanding = new TreeMap<>();
  private long outstandingBytes;
  private int running;
  private boolean again;
  private boolean noRoom;
  private boolean stopped;
  private final LaneCounts counts = new LaneCounts();

  /**
   * @param done the sequences that the output has finished before
   * @param onDone receives the sequence of a request that is done, on any thread, without a lock
   */
  Lane(
      QueueOutput output,
      RequestLog log,
      EntrySizes sizes,
      SequenceSet done,
      DeadLetters deadLetters,
      Executor executor,
      Timer timer,
      LongConsumer onDone) {
    this.output = output;
    this.log = log;
    this.sizes = sizes;
    this.done = done;
    this.deadLetters = deadLetters;
    this.executor = executor;
    this.timer = timer;
    this.onDone = onDone;
  }

  String name() {
    return output.name();
  }

  boolean takes(List<String> routes) {
    return routes.contains(output.route());
  }

  /** Counts a request that was stored. It may have been delivered already. */
  synchronized void stored(int items, long bytes) {
    counts.queued(items, bytes, /* fromEarlierRun= */ false);
  }

  /** Passes over a request for other outputs, without reading it. */
  synchronized void skip(long sequence) {
    done.add(sequence);
  }

  /** Counts a request of an earlier run, unless it was finished then. */
  synchronized void recovered(long sequence, int items, long bytes) {
    if (!done.contains(sequence)) {
      counts.queued(items, bytes, /* fromEarlierRun= */ true);
    }
  }

  /** Whether no sequence from {@code first} to {@code last} is needed any more. */
  synchronized boolean isDone(long first, long last) {
    return done.covers(first, last);
  }

  synchronized List<long[]> doneRanges() {
    return done.ranges();
  }

  synchronized LaneCounts counts() {
    LogEntry oldest = outstanding.isEmpty() ? null : outstanding.firstEntry().getValue();
    return counts.copy(oldest == null ? 0 : oldest.epochNanos());
  }

  /** Reads and passes on what there is, as far as there is room. */
  void wake() {
    synchronized (this) {
      if (stopped) {
        return;
      }
      if (running >= output.concurrency()) {
        again = true;
        return;
      }
      running++;
    }
    if (!execute(this::run)) {
      synchronized (this) {
        running--;
      }
    }
  }

  /** Returns false if the queue is closing. */
  private boolean execute(Runnable task) {
    try {
      executor.execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  /** Passes on nothing more. What is outstanding may still be settled. */
  synchronized void stop() {
    stopped = true;
  }

  /** Stops, and closes the reader, after a read that is in progress. */
  void close() {
    stop();
    synchronized (reading) {
      if (reader != null) {
        reader.close();
        reader = null;
      }
    }
  }

  /** Whether everything in the log is done. */
  boolean isDrained() {
    long start = log.start();
    long end = log.end();
    return start == end || isDone(start, end - 1);
  }

  private void run() {
    while (true) {
      LogEntry entry;
      try {
        entry = next();
      } catch (IOException | RuntimeException e) {
        LOGGER.log(
            Level.WARNING,
            "queue: output {0} cannot read the log: {1}; trying again",
            output.name(),
            e.getClass().getName());
        timer.schedule(this::wake, SHORTEST_WAIT.toNanos());
        entry = null;
      }
      if (entry != null) {
        deliver(entry);
      } else if (mayEnd()) {
        return;
      }
    }
  }

  private synchronized boolean mayEnd() {
    if (again && hasRoom()) {
      again = false;
      return false;
    }
    running--;
    return true;
  }

  private boolean hasRoom() {
    return !stopped
        && outstanding.size() < (output.heldBytes() > 0 ? MAX_HELD : MAX_OUTSTANDING)
        && (outstanding.isEmpty() || outstandingBytes < MAX_OUTSTANDING_BYTES + output.heldBytes());
  }

  /** Returns the next request to deliver; null if there is none, or no room. */
  private @Nullable LogEntry next() throws IOException {
    synchronized (reading) {
      while (true) {
        synchronized (this) {
          if (!hasRoom()) {
            noRoom = true;
            return null;
          }
        }
        if (reader == null) {
          expected = firstOpen();
          reader = log.reader(expected);
        }
        LogEntry entry = reader.next();
        if (entry == null) {
          return null;
        }
        // The log has no entries where the sequence jumps: they are damaged, or were discarded.
        lost(expected, entry.sequence() - 1);
        expected = entry.sequence() + 1;
        if (takeUp(entry)) {
          return entry;
        }
        onDone.accept(entry.sequence());
      }
    }
  }

  private synchronized long firstOpen() {
    return done.firstMissing(log.start());
  }

  private synchronized boolean takeUp(LogEntry entry) {
    if (done.contains(entry.sequence())) {
      return false;
    }
    if (!takes(entry.labels())) {
      done.add(entry.sequence());
      return false;
    }
    outstanding.put(entry.sequence(), entry);
    outstandingBytes += entry.body().size();
    return true;
  }

  private void deliver(LogEntry entry) {
    SenderAck ack = new SenderAck(outcome -> settled(entry, outcome));
    try {
      output.intake().accept(new OtlpRequest(entry.signal(), entry.body(), entry.items(), ack));
    } catch (RuntimeException | Error e) {
      ack.settle(InternalFault.log("an output", e));
    }
  }

  private void settled(LogEntry entry, Outcome outcome) {
    if (outcome instanceof Outcome.Refused refused) {
      if (refused.retryable()) {
        later(() -> deliver(entry), refused.retryAfter());
      } else {
        bury(entry, outcome, entry.items());
      }
    } else if (outcome instanceof Outcome.Partial partial && partial.rejected() > 0) {
      bury(entry, outcome, Math.min(partial.rejected(), entry.items()));
    } else {
      finish(entry, /* dead= */ 0);
    }
  }

  private void bury(LogEntry entry, Outcome outcome, long dead) {
    deadLetters.add(
        entry,
        output.name(),
        outcome,
        kept -> {
          if (kept) {
            finish(entry, dead);
          } else {
            later(() -> bury(entry, outcome, dead), /* delay= */ null);
          }
        });
  }

  private void later(Runnable action, @Nullable Duration delay) {
    synchronized (this) {
      if (stopped) {
        return; // The request stays in the log for the next run.
      }
    }
    long nanos =
        delay == null || delay.compareTo(SHORTEST_WAIT) < 0
            ? SHORTEST_WAIT.toNanos()
            : delay.toNanos();
    timer.schedule(() -> execute(action), nanos);
  }

  private void finish(LogEntry entry, long dead) {
    boolean waitedForRoom;
    synchronized (this) {
      if (outstanding.remove(entry.sequence()) == null) {
        return;
      }
      waitedForRoom = noRoom;
      noRoom = false;
      outstandingBytes -= entry.body().size();
      done.add(entry.sequence());
      counts.finished(entry.items(), entry.body().size(), dead);
    }
    onDone.accept(entry.sequence());
    if (waitedForRoom) {
      wake();
    }
  }

  /** Gives up what the log no longer has, although it is not done. */
  synchronized void lost(long first, long last) {
    for (long sequence = done.firstMissing(first);
        sequence <= last;
        sequence = done.firstMissing(sequence + 1)) {
      if (!outstanding.containsKey(sequence)) {
        done.add(sequence);
        if (sizes.items(sequence) > 0) {
          counts.lost(sizes.items(sequence), sizes.bytes(sequence));
        }
      }
    }
  }
}
