package dev.tallyspan.collector.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Copies the content of JSON strings from the bytes of a document, without characters in between:
 * runs of ASCII as they are, escapes replaced, and everything else if it is UTF-8 in its only valid
 * form. It does not judge: what it does not know is left to the parser, which accepts or rejects
 * it.
 */
final class StringBytes {

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;

  private static final int REPLACEMENT = 0xfffd;

  private final byte[] json;
  private final ProtoBuffer out;

  StringBytes(byte[] json, ProtoBuffer out) {
    this.json = json;
    this.out = out;
  }

  /**
   * Writes the content of a string, in UTF-8 with U+FFFD in place of unpaired surrogates.
   *
   * @param at the position after the quotation mark
   * @return false if something is unusual; the buffer may then contain a part of the string
   */
  boolean copy(int at) throws InvalidJsonException {
    int i = at;
    while (true) {
      int run = i;
      i = endOfPlain(i);
      out.octets(json, run, i - run);
      if (i == json.length) {
        return false;
      }
      int b = json[i];
      if (b == '"') {
        return true;
      }
      i = b == '\\' ? escape(i + 1) : b < 0 ? sequences(i) : -1;
      if (i < 0) {
        return false;
      }
    }
  }

  /** Returns the position of the next byte that is not a plain ASCII character. */
  private int endOfPlain(int from) {
    int i = from;
    for (int last = json.length - Long.BYTES; i <= last; i += Long.BYTES) {
      long word = (long) LONG.get(json, i);
      long quote = word ^ ('"' * ONES);
      long backslash = word ^ ('\\' * ONES);
      // The high bit of the lowest byte that is special is right; above it, borrows may lie.
      long special =
          (word
                  | (word - ' ' * ONES)
                  | ((quote - ONES) & ~quote)
                  | ((backslash - ONES) & ~backslash))
              & HIGH_BITS;
      if (special != 0) {
        return i + (Long.numberOfTrailingZeros(special) >>> 3);
      }
    }
    while (i < json.length && json[i] >= ' ' && json[i] != '"' && json[i] != '\\') {
      i++;
    }
    return i;
  }

  /** Writes what an escape means. Returns the position after it, or -1 if it is unknown. */
  private int escape(int at) throws InvalidJsonException {
    if (at == json.length) {
      return -1;
    }
    int c;
    switch (json[at]) {
      case '"', '\\', '/' -> c = json[at];
      case 'b' -> c = '\b';
      case 'f' -> c = '\f';
      case 'n' -> c = '\n';
      case 'r' -> c = '\r';
      case 't' -> c = '\t';
      case 'u' -> {
        return unicode(at + 1);
      }
      default -> {
        return -1;
      }
    }
    out.octet(c);
    return at + 1;
  }

  private int unicode(int at) throws InvalidJsonException {
    int unit = hex(at);
    if (unit < 0) {
      return -1;
    }
    int next = at + 4;
    if (unit < 0xd800 || unit > 0xdfff) {
      out.codePoint(unit);
      return next;
    }
    boolean escaped = next + 1 < json.length && json[next] == '\\' && json[next + 1] == 'u';
    int low = escaped ? hex(next + 2) : -1;
    if (unit <= 0xdbff && low >= 0xdc00 && low <= 0xdfff) {
      out.codePoint(Character.toCodePoint((char) unit, (char) low));
      return next + 6;
    }
    out.codePoint(REPLACEMENT);
    return next;
  }

  private int hex(int at) {
    if (at + 4 > json.length) {
      return -1;
    }
    int unit = 0;
    for (int i = at; i < at + 4; i++) {
      int digit = json[i] < 0 ? -1 : Character.digit(json[i], 16);
      if (digit < 0) {
        return -1;
      }
      unit = unit << 4 | digit;
    }
    return unit;
  }

  /**
   * Copies sequences of several bytes. Returns the position after them, or -1 if one is not valid.
   */
  private int sequences(int from) throws InvalidJsonException {
    int i = from;
    while (i < json.length && json[i] < 0) {
      int length = sequence(i);
      if (length == 0) {
        return -1;
      }
      i += length;
    }
    out.octets(json, from, i - from);
    return i;
  }

  /**
   * Returns the length of a sequence; 0 if it is not valid.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc3629#section-4">RFC 3629, section 4</a>
   */
  private int sequence(int at) {
    int first = json[at] & 0xff;
    if (first >= 0xc2 && first <= 0xdf) {
      return continues(at + 1, 0x80, 0xbf) ? 2 : 0;
    }
    if (first >= 0xe0 && first <= 0xef) {
      int least = first == 0xe0 ? 0xa0 : 0x80;
      int most = first == 0xed ? 0x9f : 0xbf;
      return continues(at + 1, least, most) && continues(at + 2, 0x80, 0xbf) ? 3 : 0;
    }
    if (first >= 0xf0 && first <= 0xf4) {
      int least = first == 0xf0 ? 0x90 : 0x80;
      int most = first == 0xf4 ? 0x8f : 0xbf;
      return continues(at + 1, least, most)
              && continues(at + 2, 0x80, 0xbf)
              && continues(at + 3, 0x80, 0xbf)
          ? 4
          : 0;
    }
    return 0;
  }

  private boolean continues(int at, int least, int most) {
    return at < json.length && (json[at] & 0xff) >= least && (json[at] & 0xff) <= most;
  }
}
