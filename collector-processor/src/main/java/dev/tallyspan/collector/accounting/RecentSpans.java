package dev.tallyspan.collector.accounting;

import dev.tallyspan.collector.accounting.CountedSpan.Counts;
import java.util.Arrays;

/**
 * Remembers how the last spans were counted, so that a request that a sender repeats is counted
 * once. Thread-safe.
 */
final class RecentSpans {

  /*
   * A sender repeats a request when its answer was lost, and when one of several exporters of a
   * direct pipeline refused it: the others, and this class, get it again. Repetitions come within
   * seconds, so it is enough to remember the last spans: at least 65,536, at most twice as many.
   *
   * Two generations of open addressing. When the younger one is full, it becomes the older one, and
   * the older one is cleared and used again: no object is created per span, and nothing is moved.
   * An entry is a hash of the two ids with the way of counting in its lowest two bits. With 62 bits
   * and 131,072 entries, a new span is mistaken for another once in 3.5e13 spans.
   *
   * A span may arrive twice in different states: Logfire sends a snapshot, which is not billed,
   * before the span. So a span that was not billed may be billed later, and only that.
   */

  private static final int SLOTS = 1 << 17;
  private static final int FULL = SLOTS / 2;
  private static final long WAY = 3;

  // Guarded by this.
  private long[] young = new long[SLOTS];
  private long[] old = new long[SLOTS];
  private int size;

  /**
   * Returns how a span counts, which is {@link Counts#REPEATED} if it was counted before. Spans
   * without ids always count.
   *
   * @param counts how it counts if it is new
   */
  Counts see(String traceId, String spanId, Counts counts) {
    if (traceId.length() != 32 || spanId.length() != 16) {
      return counts;
    }
    long hash = hash(traceId, spanId);
    synchronized (this) {
      int slot = find(young, hash);
      long known = young[slot];
      if (known == 0) {
        known = old[find(old, hash)];
      }
      boolean isNew =
          known == 0 || counts == Counts.BILLED && (known & WAY) == way(Counts.NOT_BILLED);
      if (!isNew) {
        return Counts.REPEATED;
      }
      if (young[slot] == 0 && ++size > FULL) {
        long[] cleared = old;
        Arrays.fill(cleared, 0);
        old = young;
        young = cleared;
        size = 1;
        slot = find(young, hash);
      }
      young[slot] = hash | way(counts);
      return counts;
    }
  }

  /** Returns the slot that has the hash, or else the free slot for it. */
  private static int find(long[] table, long hash) {
    int slot = (int) (hash >>> 40) & SLOTS - 1;
    while (table[slot] != 0 && (table[slot] & ~WAY) != hash) {
      slot = slot + 1 & SLOTS - 1;
    }
    return slot;
  }

  /** Returns 1, 2 or 3, so that no entry is 0. */
  private static long way(Counts counts) {
    return counts.ordinal() + 1L;
  }

  private static long hash(String traceId, String spanId) {
    long hash = mixed(number(traceId, 0));
    hash = mixed(hash ^ number(traceId, 16));
    return mixed(hash ^ number(spanId, 0)) & ~WAY;
  }

  private static long number(String hex, int from) {
    long number = 0;
    for (int i = from; i < from + 16; i++) {
      number = number << 4 | Character.digit(hex.charAt(i), 16);
    }
    return number;
  }

  /** MurmurHash3's finalizer. */
  private static long mixed(long number) {
    long x = number + 0x9e3779b97f4a7c15L;
    x = (x ^ x >>> 33) * 0xff51afd7ed558ccdL;
    x = (x ^ x >>> 33) * 0xc4ceb9fe1a85ec53L;
    return x ^ x >>> 33;
  }
}
