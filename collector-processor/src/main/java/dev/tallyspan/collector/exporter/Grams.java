package dev.tallyspan.collector.exporter;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Finds the pieces of a short text that occur in a long one, which is read once, byte by byte. Not
 * thread-safe.
 *
 * <p>Pieces are compared by a 64-bit hash alone: a wrong match hides a piece of text that need not
 * be hidden, which does no harm.
 */
final class Grams {
  private static final long BASE = 0x9E37_79B9_7F4A_7C15L;

  /** One bit for each value of the upper 16 bits of a hash that occurs, as most do not. */
  private final long[] filter = new long[1 << 10];

  private final Map<Long, int[]> starts = new HashMap<>();
  private final boolean[] found;
  private final int size;
  private final long outgoing;

  // The last bytes of the long text.
  private final byte[] window;
  private long hash;
  private long read;

  /**
   * @param size the length of the shortest piece to find, in bytes
   */
  Grams(byte[] text, int length, int size) {
    this.size = size;
    window = new byte[size];
    found = new boolean[length];
    long factor = 1;
    for (int i = 0; i < size; i++) {
      factor *= BASE;
    }
    outgoing = factor;
    for (int start = 0; start + size <= length; start++) {
      long gram = 0;
      for (int i = start; i < start + size; i++) {
        gram = gram * BASE + text[i];
      }
      int bit = bit(gram);
      filter[bit >>> 6] |= 1L << bit;
      starts.merge(gram, new int[] {start}, Grams::joined);
    }
  }

  private static int[] joined(int[] some, int[] more) {
    int[] all = Arrays.copyOf(some, some.length + more.length);
    System.arraycopy(more, 0, all, some.length, more.length);
    return all;
  }

  private static int bit(long hash) {
    return (int) (hash >>> 48);
  }

  /** Forgets the last bytes, so that no match spans what comes before and after. */
  void restart() {
    hash = 0;
    read = 0;
    Arrays.fill(window, (byte) 0);
  }

  /** Reads the next byte of the long text. */
  void read(byte next) {
    int slot = (int) (read % size);
    hash = hash * BASE + next - outgoing * window[slot];
    window[slot] = next;
    read++;
    int bit = bit(hash);
    if (read >= size && (filter[bit >>> 6] & 1L << bit) != 0) {
      // Once is enough, however often it occurs.
      int[] matches = starts.remove(hash);
      if (matches != null) {
        for (int start : matches) {
          Arrays.fill(found, start, start + size, true);
        }
      }
    }
  }

  /** Whether the byte at a position of the short text belongs to a piece that was found. */
  boolean isFound(int position) {
    return found[position];
  }

  /** The number of bytes of the short text. */
  int length() {
    return found.length;
  }
}
