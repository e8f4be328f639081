package dev.tallyspan.benchmarks.endurance;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** How often each numbered span was delivered. Thread-safe. */
final class SpanBook {

  private static final int CHUNK_BITS = 16;
  private static final int CHUNKS = 1 << 16;

  /** One byte for a span; a count stops at 127. */
  private final AtomicReferenceArray<byte[]> chunks = new AtomicReferenceArray<>(CHUNKS);

  private final AtomicLong delivered = new AtomicLong();

  void deliver(long span) {
    int at = (int) (span >> CHUNK_BITS);
    byte[] chunk = chunks.get(at);
    if (chunk == null) {
      chunks.compareAndSet(at, null, new byte[1 << CHUNK_BITS]);
      chunk = chunks.get(at);
    }
    int index = (int) (span & ((1 << CHUNK_BITS) - 1));
    synchronized (chunk) {
      if (chunk[index] == 0) {
        delivered.incrementAndGet();
      }
      if (chunk[index] < Byte.MAX_VALUE) {
        chunk[index]++;
      }
    }
  }

  /** How often a span was delivered. */
  int times(long span) {
    byte[] chunk = chunks.get((int) (span >> CHUNK_BITS));
    if (chunk == null) {
      return 0;
    }
    synchronized (chunk) {
      return chunk[(int) (span & ((1 << CHUNK_BITS) - 1))];
    }
  }

  /** The number of different spans that were delivered. */
  long delivered() {
    return delivered.get();
  }

  /** Waits until as many spans were delivered; returns false if that takes longer than it may. */
  boolean awaits(long spans, long seconds) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (delivered() < spans) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      Thread.sleep(5);
    }
    return true;
  }
}
