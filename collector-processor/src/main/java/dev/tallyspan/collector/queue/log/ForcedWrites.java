package dev.tallyspan.collector.queue.log;

import dev.tallyspan.collector.flow.InternalFault;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Forces what was written to the active segment, lets readers see it, and answers its appends,
 * while the writer already writes what comes next.
 *
 * <p>One thread runs this. The writer hands over what it wrote in order, and waits until this is
 * idle before it changes to another segment. After a failure, everything that is handed over is
 * refused until the writer has taken note.
 */
final class ForcedWrites implements Runnable {

  /** The entries of one write. */
  record Written(
      Segment segment,
      List<PendingAppend> appends,
      List<RecentEntries.Recent> entries,
      long bytes) {}

  /** How far the writer may be ahead. */
  private static final long MAX_BYTES = 8 << 20;

  private final Segments segments;
  private final RecentEntries recent;
  private final LogHealth health;
  private final LogListener listener;

  // Guarded by this.
  private final ArrayDeque<Written> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private boolean threaded;
  private boolean busy;
  private boolean failed;
  private boolean closed;

  ForcedWrites(Segments segments, RecentEntries recent, LogHealth health, LogListener listener) {
    this.segments = segments;
    this.recent = recent;
    this.health = health;
    this.listener = listener;
  }

  /** Announces that a thread will run this. Without, the writer's thread does it when it waits. */
  synchronized void threaded() {
    threaded = true;
  }

  /** Hands over what was written. Waits if the writer is too far ahead. */
  void add(Written written) {
    synchronized (this) {
      while (threaded && waitingBytes >= MAX_BYTES) {
        await();
      }
      waiting.add(written);
      waitingBytes += written.bytes();
      notifyAll();
    }
  }

  /** Waits until everything is answered. */
  void awaitIdle() {
    if (!isThreaded()) {
      forceWaiting();
      return;
    }
    synchronized (this) {
      while (busy || !waiting.isEmpty()) {
        await();
      }
    }
  }

  /** Whether a force failed, so that the segment must not be used any more. */
  synchronized boolean hasFailed() {
    return failed;
  }

  synchronized void fail() {
    failed = true;
  }

  /** Accepts writes again, to another segment. */
  synchronized void restart() {
    failed = false;
  }

  synchronized void close() {
    closed = true;
    notifyAll();
  }

  private synchronized boolean isThreaded() {
    return threaded;
  }

  @Override
  public void run() {
    while (hasMore()) {
      try {
        forceWaiting();
      } catch (RuntimeException | Error e) {
        InternalFault.log("the queue on disk", e);
      }
    }
  }

  private synchronized boolean hasMore() {
    while (waiting.isEmpty() && !closed) {
      await();
    }
    return !waiting.isEmpty();
  }

  /** Forces and answers what waits now, with one force. */
  private void forceWaiting() {
    List<Written> writes;
    boolean refuse;
    synchronized (this) {
      writes = new ArrayList<>(waiting);
      waiting.clear();
      waitingBytes = 0;
      busy = true;
      refuse = failed;
      notifyAll();
    }
    try {
      if (refuse) {
        writes.forEach(written -> Answers.refuse(written.appends(), Answers.DISK_FAILED));
      } else if (!writes.isEmpty()) {
        forceAndAnswer(writes);
      }
    } finally {
      synchronized (this) {
        busy = false;
        notifyAll();
      }
    }
  }

  private void forceAndAnswer(List<Written> writes) {
    Segment segment = writes.get(0).segment();
    try {
      long start = System.nanoTime();
      segment.openFile().force(false);
      listener.forced(System.nanoTime() - start);
    } catch (IOException e) {
      fail();
      health.failed("cannot force writes to the disk", e);
      writes.forEach(written -> Answers.refuse(written.appends(), Answers.DISK_FAILED));
      return;
    } catch (RuntimeException | Error e) {
      fail();
      writes.forEach(written -> Answers.refuse(written.appends(), Answers.FAULT));
      throw e;
    }
    writes.forEach(this::publish);
    health.works();
    for (Written written : writes) {
      for (int i = 0; i < written.appends().size(); i++) {
        Answers.stored(written.appends().get(i), written.entries().get(i).entry().sequence());
      }
    }
  }

  /** Lets readers see entries, now that they are on disk. */
  private void publish(Written written) {
    List<RecentEntries.Recent> entries = written.entries();
    entries.forEach(recent::add);
    RecentEntries.Recent last = entries.get(entries.size() - 1);
    long end = last.entry().sequence() + 1;
    Segment segment = written.segment();
    segment.extend(
        new Segment.Extent(
            last.nextOffset(),
            segment.extent().entries() + entries.size(),
            end,
            last.entry().epochNanos()));
    segments.end(end);
  }

  /** Waits for a change. An interrupt has no effect: it would close the file that is forced. */
  private synchronized void await() {
    try {
      wait();
    } catch (InterruptedException e) {
      // Only close() ends the thread.
    }
  }
}
