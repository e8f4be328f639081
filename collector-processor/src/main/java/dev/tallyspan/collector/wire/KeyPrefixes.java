package dev.tallyspan.collector.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * A set of key prefixes, such as {@code gen_ai.} and {@code llm.}. A prefix may also be a whole
 * key; the empty prefix matches every key. Compares UTF-8 bytes, up to eight at once. Immutable.
 */
public final class KeyPrefixes {

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final KeyPrefixes NONE = new KeyPrefixes(List.of());

  /**
   * For each first byte, the index of its first prefix in the tables below; -1 if there is none.
   */
  private final short[] first = new short[256];

  /** For each first byte, the index of its last prefix. */
  private final short[] last = new short[256];

  /** Sorted, so that prefixes with the same first byte are adjacent. */
  private final byte[][] prefixes;

  /** The first eight bytes of each prefix, and a mask of those that count. */
  private final long[] heads;

  private final long[] masks;
  private final boolean everything;

  private KeyPrefixes(Collection<String> texts) {
    prefixes =
        texts.stream()
            .map(text -> text.getBytes(StandardCharsets.UTF_8))
            .sorted(Arrays::compareUnsigned)
            .toArray(byte[][]::new);
    everything = prefixes.length > 0 && prefixes[0].length == 0;
    heads = new long[prefixes.length];
    masks = new long[prefixes.length];
    Arrays.fill(first, (short) -1);
    for (int i = prefixes.length - 1; i >= 0; i--) {
      byte[] prefix = prefixes[i];
      heads[i] = (long) LONG.get(Arrays.copyOf(prefix, Math.max(8, prefix.length)), 0);
      masks[i] = prefix.length >= 8 ? -1L : (1L << (8 * prefix.length)) - 1;
      if (prefix.length > 0) {
        int head = prefix[0] & 0xFF;
        last[head] = first[head] < 0 ? (short) i : last[head];
        first[head] = (short) i;
      }
    }
  }

  public static KeyPrefixes of(String... prefixes) {
    return of(List.of(prefixes));
  }

  /**
   * Returns the set of these prefixes.
   *
   * @throws IllegalArgumentException if there are more than 10,000
   */
  public static KeyPrefixes of(Collection<String> prefixes) {
    if (prefixes.size() > 10_000) {
      throw new IllegalArgumentException("prefixes=" + prefixes.size() + ": more than 10000");
    }
    return prefixes.isEmpty() ? NONE : new KeyPrefixes(prefixes);
  }

  /** Returns the empty set, which matches nothing. */
  public static KeyPrefixes none() {
    return NONE;
  }

  boolean isEmpty() {
    return prefixes.length == 0;
  }

  /**
   * Whether the key in {@code b} from {@code start} to {@code end} starts with one of the prefixes.
   */
  boolean match(byte[] b, int start, int end) {
    if (start >= end) {
      return everything;
    }
    int i = first[b[start] & 0xFF];
    return i < 0 ? everything : everything || match(b, start, end, i);
  }

  /**
   * Compares the first eight bytes first, because most keys share only the first byte with a
   * prefix.
   */
  private boolean match(byte[] b, int start, int end, int from) {
    int to = last[b[start] & 0xFF];
    boolean whole = b.length - start >= 8;
    long head = whole ? (long) LONG.get(b, start) : 0;
    for (int i = from; i <= to; i++) {
      if (whole && ((head ^ heads[i]) & masks[i]) != 0) {
        continue;
      }
      byte[] prefix = prefixes[i];
      int length = prefix.length;
      int compared = whole ? Math.min(8, length) : 0;
      if (length <= end - start
          && Arrays.equals(b, start + compared, start + length, prefix, compared, length)) {
        return true;
      }
    }
    return false;
  }
}
