package dev.tallyspan.collector.exporter;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.function.IntConsumer;

/**
 * Reads text in a form that quoting does not change: only letters and digits, in lower case, with
 * escapes resolved. JSON, URLs, HTML and the string literals of programming languages write the
 * same text in different ways, but its letters and digits stay. Not thread-safe.
 *
 * <p>What is read need not be text: a serialised request is read in the same way.
 */
final class Folding {

  /** The control characters that escapes stand for. */
  private static final String CONTROL_ESCAPES = "nrtbfv0";

  private final byte[] bytes;
  private final boolean asciiOnly;
  private final IntConsumer out;
  private int at;

  /**
   * @param asciiOnly whether other letters are left out, for quotes that replace them by question
   *     marks
   * @param out gets each byte of the folded text
   */
  private Folding(byte[] bytes, boolean asciiOnly, IntConsumer out) {
    this.bytes = bytes;
    this.asciiOnly = asciiOnly;
    this.out = out;
  }

  static void fold(byte[] bytes, boolean asciiOnly, IntConsumer out) {
    Folding folding = new Folding(bytes, asciiOnly, out);
    while (folding.at < bytes.length) {
      folding.step();
    }
  }

  /**
   * A folded text that remembers where each of its bytes came from.
   *
   * @param from the position of the first byte that each folded byte stands for
   */
  record Traced(byte[] folded, int[] from) {}

  static Traced trace(byte[] bytes, boolean asciiOnly) {
    ByteArrayOutputStream folded = new ByteArrayOutputStream();
    int[] from = new int[bytes.length];
    int[] start = new int[1];
    Folding folding =
        new Folding(
            bytes,
            asciiOnly,
            b -> {
              from[folded.size()] = start[0];
              folded.write(b);
            });
    while (folding.at < bytes.length) {
      start[0] = folding.at;
      folding.step();
    }
    return new Traced(folded.toByteArray(), from);
  }

  private void step() {
    int b = bytes[at++] & 0xff;
    switch (b) {
      case '\\' -> escape();
      case '%' -> {
        int value = hex(at, 2);
        if (value >= 0) {
          at += 2;
          put(value);
        }
      }
      case '&' -> entity();
      default -> put(b);
    }
  }

  private void put(int b) {
    if (b >= 'A' && b <= 'Z') {
      out.accept(b + ('a' - 'A'));
    } else if ((b >= 'a' && b <= 'z') || (b >= '0' && b <= '9') || (b >= 0x80 && !asciiOnly)) {
      out.accept(b);
    }
  }

  /** Reads what follows a backslash. Text that is escaped twice has several of them. */
  private void escape() {
    while (at < bytes.length && bytes[at] == '\\') {
      at++;
    }
    if (at == bytes.length) {
      return;
    }
    int kind = bytes[at];
    if (CONTROL_ESCAPES.indexOf(kind) >= 0) {
      at++;
    } else if (kind == 'x' && hex(at + 1, 2) >= 0) {
      put(hex(at + 1, 2));
      at += 3;
    } else if (kind == 'u' && hex(at + 1, 4) >= 0) {
      int unit = hex(at + 1, 4);
      at += 5;
      unicode(unit);
    }
  }

  private void unicode(int unit) {
    int codePoint = unit;
    if (Character.isHighSurrogate((char) unit)) {
      int next = at;
      while (next < bytes.length && bytes[next] == '\\') {
        next++;
      }
      if (next < bytes.length && bytes[next] == 'u') {
        int low = hex(next + 1, 4);
        if (low >= 0 && Character.isLowSurrogate((char) low)) {
          codePoint = Character.toCodePoint((char) unit, (char) low);
          at = next + 5;
        }
      }
    }
    for (byte b : Character.toString(codePoint).getBytes(UTF_8)) {
      put(b & 0xff);
    }
  }

  /** Skips {@code &quot;}, {@code &#39;} and the like, which stand for punctuation. */
  private void entity() {
    for (int end = at; end < Math.min(at + 8, bytes.length); end++) {
      int b = bytes[end];
      if (b == ';') {
        at = end + 1;
        return;
      }
      if (b != '#' && !(b >= 'a' && b <= 'z') && !(b >= '0' && b <= '9')) {
        return;
      }
    }
  }

  /** Returns a hexadecimal number of fixed length; -1 if there is none. */
  private int hex(int from, int digits) {
    if (from + digits > bytes.length) {
      return -1;
    }
    int value = 0;
    for (int i = from; i < from + digits; i++) {
      int digit = Character.digit(bytes[i], 16);
      if (digit < 0) {
        return -1;
      }
      value = value << 4 | digit;
    }
    return value;
  }
}
