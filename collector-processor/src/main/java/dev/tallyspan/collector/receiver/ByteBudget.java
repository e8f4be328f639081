package dev.tallyspan.collector.receiver;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Limits the memory that all requests in flight use together. Every allocation is counted, not
 * sampled, so the limit holds at any rate of arrival.
 *
 * <p>A request that is alone is accepted regardless of its size; otherwise, a request larger than
 * the limit would be rejected on every retry.
 *
 * <p>Thread-safe. Event loops and workers reserve memory for many requests concurrently; no method
 * blocks on other requests.
 */
final class ByteBudget {

  private final long limit;
  private final AtomicLong used = new AtomicLong();

  ByteBudget(long limit) {
    this.limit = limit;
  }

  long used() {
    return used.get();
  }

  Reservation open() {
    return new Reservation();
  }

  /**
   * The memory reserved for one request. Thread-safe, because the event loop may release a request
   * that a worker is still reading; after the release, nothing more can be reserved.
   */
  final class Reservation {

    private final Object lock = new Object();
    private long held;
    private boolean released;

    /** Reserves more bytes. Returns false, without effect, if there is no room. */
    boolean add(long bytes) {
      synchronized (lock) {
        if (released) {
          return false;
        }
        long before;
        do {
          before = used.get();
          boolean alone = before == held;
          if (!alone && before + bytes > limit) {
            return false;
          }
        } while (!used.compareAndSet(before, before + bytes));
        held += bytes;
        return true;
      }
    }

    /** Releases what is reserved beyond {@code bytes}. */
    void shrinkTo(long bytes) {
      synchronized (lock) {
        if (!released && held > bytes) {
          used.addAndGet(bytes - held);
          held = bytes;
        }
      }
    }

    /** Releases everything. Must be called at least once. */
    void release() {
      synchronized (lock) {
        shrinkTo(0);
        released = true;
      }
    }
  }
}
