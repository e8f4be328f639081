package dev.tallyspan.semconv.internal.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Builds JSON text as UTF-8, spelled as {@link JsonWriter} spells it. What needs no escape is
 * copied in runs, and what comes escaped is copied escaped.
 */
public final class JsonBytes {

  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  /** Whether a character of ASCII is written as it is. */
  private static final boolean[] PLAIN = new boolean[128];

  static {
    for (int c = ' '; c < PLAIN.length; c++) {
      PLAIN[c] = c != '"' && c != '\\';
    }
  }

  private byte[] bytes;
  private int size;

  /**
   * @param length about how long the text becomes
   */
  public JsonBytes(int length) {
    bytes = new byte[Math.max(64, length)];
  }

  /** The bytes so far, up to {@link #size()}; not a copy. */
  public byte[] array() {
    return bytes;
  }

  public int size() {
    return size;
  }

  /** Takes back what was written after the text had this size. */
  public void cut(int size) {
    this.size = size;
  }

  /** Appends text of ASCII as it is. */
  public void ascii(String text) {
    int length = text.length();
    ensure(length);
    byte[] to = bytes;
    int at = size;
    for (int i = 0; i < length; i++) {
      to[at + i] = (byte) text.charAt(i);
    }
    size = at + length;
  }

  public void ascii(char c) {
    ensure(1);
    bytes[size++] = (byte) c;
  }

  /** Appends the name of a member that is not the first one of its object. */
  public void member(String name) {
    ascii(",\"");
    ascii(name);
    ascii("\":");
  }

  /** Replaces a range by text of ASCII. */
  public void replace(int from, int to, String text) {
    int more = text.length() - (to - from);
    ensure(Math.max(0, more));
    System.arraycopy(bytes, to, bytes, to + more, size - to);
    for (int i = 0; i < text.length(); i++) {
      bytes[from + i] = (byte) text.charAt(i);
    }
    size += more;
  }

  /** Appends text as a JSON string. */
  public void quote(String text) {
    ascii('"');
    write(text, 0, text.length(), /* escaped= */ false);
    ascii('"');
  }

  /**
   * Appends a JSON string that stands between these positions of a JSON text, without its quotes,
   * and is valid. Returns false if it has an escape for half a character, which is not copied.
   */
  public boolean copyString(String json, int from, int to) {
    ascii('"');
    boolean copied = write(json, from, to, /* escaped= */ true);
    ascii('"');
    return copied;
  }

  private boolean write(String text, int from, int to, boolean escaped) {
    ensure(to - from);
    byte[] out = bytes;
    int at = size;
    int i = from;
    while (i < to) {
      char c = text.charAt(i);
      if (c < PLAIN.length && PLAIN[c]) {
        out[at++] = (byte) c;
        i++;
        continue;
      }
      size = at;
      i = c == '\\' && escaped ? unescape(text, i) : one(text, i, to);
      if (i < 0) {
        return false;
      }
      ensure(to - i);
      out = bytes;
      at = size;
    }
    size = at;
    return true;
  }

  /** Copies an escape; the position after it, or -1 if it is not copied. */
  private int unescape(String json, int at) {
    char c = json.charAt(at + 1);
    ensure(6);
    switch (c) {
      case '"', '\\', 'n', 'r', 't' -> {
        bytes[size++] = '\\';
        bytes[size++] = (byte) c;
      }
      case 'b' -> escape('\b');
      case 'f' -> escape('\f');
      case 'u' -> {
        char unit = (char) Integer.parseInt(json, at + 2, at + 6, 16);
        if (Character.isSurrogate(unit)) {
          return -1;
        }
        one(unit);
        return at + 6;
      }
      default -> bytes[size++] = (byte) c;
    }
    return at + 2;
  }

  /** Writes the character at this position; the position after it. */
  private int one(String text, int at, int to) {
    char c = text.charAt(at);
    if (Character.isHighSurrogate(c)
        && at + 1 < to
        && Character.isLowSurrogate(text.charAt(at + 1))) {
      int point = Character.toCodePoint(c, text.charAt(at + 1));
      ensure(4);
      bytes[size++] = (byte) (0xF0 | point >> 18);
      bytes[size++] = (byte) (0x80 | point >> 12 & 0x3F);
      bytes[size++] = (byte) (0x80 | point >> 6 & 0x3F);
      bytes[size++] = (byte) (0x80 | point & 0x3F);
      return at + 2;
    }
    one(Character.isSurrogate(c) ? '\uFFFD' : c);
    return at + 1;
  }

  private void one(char c) {
    ensure(6);
    if (c < PLAIN.length) {
      if (PLAIN[c]) {
        bytes[size++] = (byte) c;
      } else {
        escape(c);
      }
    } else if (c < 0x800) {
      bytes[size++] = (byte) (0xC0 | c >> 6);
      bytes[size++] = (byte) (0x80 | c & 0x3F);
    } else {
      bytes[size++] = (byte) (0xE0 | c >> 12);
      bytes[size++] = (byte) (0x80 | c >> 6 & 0x3F);
      bytes[size++] = (byte) (0x80 | c & 0x3F);
    }
  }

  private void escape(char c) {
    bytes[size++] = '\\';
    switch (c) {
      case '"', '\\' -> bytes[size++] = (byte) c;
      case '\n' -> bytes[size++] = 'n';
      case '\r' -> bytes[size++] = 'r';
      case '\t' -> bytes[size++] = 't';
      default -> {
        bytes[size++] = 'u';
        bytes[size++] = '0';
        bytes[size++] = '0';
        bytes[size++] = HEX[c >> 4];
        bytes[size++] = HEX[c & 15];
      }
    }
  }

  private void ensure(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more, bytes.length + (bytes.length >> 1)));
    }
  }

  @Override
  public String toString() {
    return new String(bytes, 0, size, StandardCharsets.UTF_8);
  }
}
