package dev.tallyspan.collector.queue;

import java.util.TreeMap;

/**
 * The number of items and bytes of the entries of a log, for those that are counted when they are
 * no longer readable. Takes 8 bytes per entry. Thread-safe.
 */
final class EntrySizes {

  private static final int BLOCK = 1024;

  /** For each block of sequences, the items and the bytes of each; 0 for those that are unknown. */
  private final TreeMap<Long, int[]> blocks = new TreeMap<>();

  synchronized void put(long sequence, int items, long bytes) {
    int[] block = blocks.computeIfAbsent(sequence / BLOCK, number -> new int[2 * BLOCK]);
    int at = 2 * (int) (sequence % BLOCK);
    block[at] = items;
    block[at + 1] = (int) bytes;
  }

  synchronized int items(long sequence) {
    return value(sequence, 0);
  }

  synchronized long bytes(long sequence) {
    return value(sequence, 1) & 0xFFFFFFFFL;
  }

  private int value(long sequence, int which) {
    int[] block = blocks.get(sequence / BLOCK);
    return block == null ? 0 : block[2 * (int) (sequence % BLOCK) + which];
  }

  /** Forgets entries that the log no longer has: those before {@code start}. */
  synchronized void forgetBefore(long start) {
    blocks.headMap(start / BLOCK).clear();
  }
}
