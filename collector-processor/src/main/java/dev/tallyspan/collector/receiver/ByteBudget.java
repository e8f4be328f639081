package dev.tallyspan.collector.receiver;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that requests being handled may take together. It is counted, not sampled, so that the
 * limit holds at any rate of arrival.
 *
 * <p>A request that is alone is let in whatever its size, because otherwise one that is larger than
 * the budget would be told to come again for ever.
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

  /** One request's share. */
  final class Reservation {

    private long held;
    private boolean released;

    /** Takes that many bytes more; returns false, and takes none, if there is no room. */
    synchronized boolean add(long bytes) {
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

    /** Gives back what is held beyond that many bytes. */
    synchronized void shrinkTo(long bytes) {
      if (!released && held > bytes) {
        used.addAndGet(bytes - held);
        held = bytes;
      }
    }

    /** Gives everything back; to be called at least once. */
    synchronized void release() {
      shrinkTo(0);
      released = true;
    }
  }
}
