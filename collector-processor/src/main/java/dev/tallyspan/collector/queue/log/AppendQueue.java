package dev.tallyspan.collector.queue.log;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The appends that wait for the writer. Not limited: those who append limit the bytes that they
 * have under way. Thread-safe.
 */
final class AppendQueue {

  // Guarded by this.
  private final ArrayDeque<PendingAppend> waiting = new ArrayDeque<>();
  private boolean closed;

  /** Adds an append; returns false if the queue is closed. Does not block. */
  synchronized boolean offer(PendingAppend append) {
    if (closed) {
      return false;
    }
    waiting.add(append);
    if (waiting.size() == 1) {
      notifyAll();
    }
    return true;
  }

  /**
   * Waits for about {@code millis} until there is an append, and returns all that wait, up to
   * {@code maxBytes} but at least one. Returns an empty list if nothing waits.
   */
  synchronized List<PendingAppend> take(long maxBytes, long millis) {
    if (waiting.isEmpty() && !closed) {
      try {
        wait(millis);
      } catch (InterruptedException e) {
        // Ignored: only close() ends the writer, and an interrupt would close its file.
      }
    }
    return poll(maxBytes);
  }

  /** Like {@link #take}, but does not wait. */
  synchronized List<PendingAppend> poll(long maxBytes) {
    List<PendingAppend> group = new ArrayList<>();
    long bytes = 0;
    while (!waiting.isEmpty()) {
      bytes += waiting.peek().recordBytes();
      if (bytes > maxBytes && !group.isEmpty()) {
        break;
      }
      group.add(waiting.remove());
    }
    return group;
  }

  synchronized boolean isClosed() {
    return closed;
  }

  synchronized void close() {
    closed = true;
    notifyAll();
  }
}
