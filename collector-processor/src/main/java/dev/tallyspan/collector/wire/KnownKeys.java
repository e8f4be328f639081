package dev.tallyspan.collector.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The texts of attribute keys that were decoded recently: the same few keys come with span after
 * span, and a text that is known has its hash code already. Thread-safe.
 */
final class KnownKeys {

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** A power of two. With keys of the maximum length, the table takes some 600 KB. */
  private static final int SIZE = 2048;

  /** Longer keys are most likely data. */
  private static final int MAX_LENGTH = 100;

  private static final long MIX = 0x9E3779B97F4A7C15L;

  /** Immutable, so it can be published without synchronisation; compared before it is used. */
  private record Key(byte[] utf8, String text) {
    boolean is(byte[] b, int start, int end) {
      return Arrays.equals(utf8, 0, utf8.length, b, start, end);
    }
  }

  private static final @Nullable Key[] KNOWN = new Key[SIZE];

  private KnownKeys() {}

  /** The text from {@code start} to {@code end}, with U+FFFD for bytes that are not UTF-8. */
  static String text(byte[] b, int start, int end) {
    int length = end - start;
    if (length > MAX_LENGTH) {
      return new String(b, start, length, StandardCharsets.UTF_8);
    }
    int place = place(b, start, end);
    Key recent = KNOWN[place];
    if (recent != null && recent.is(b, start, end)) {
      return recent.text;
    }
    Key older = KNOWN[place ^ 1];
    if (older != null && older.is(b, start, end)) {
      return older.text;
    }
    String text = new String(b, start, length, StandardCharsets.UTF_8);
    if (recent != null) {
      KNOWN[place ^ 1] = recent;
    }
    KNOWN[place] = new Key(Arrays.copyOfRange(b, start, end), text);
    return text;
  }

  private static int place(byte[] b, int start, int end) {
    long hash = end - start;
    int at = start;
    for (; at <= end - Long.BYTES; at += Long.BYTES) {
      hash = (hash ^ (long) LONG.get(b, at)) * MIX;
      hash ^= hash >>> 29;
    }
    for (; at < end; at++) {
      hash = (hash ^ b[at]) * MIX;
    }
    return (int) (hash >>> 53);
  }
}
