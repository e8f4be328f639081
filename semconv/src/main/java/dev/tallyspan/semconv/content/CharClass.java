package dev.tallyspan.semconv.content;

/** What a character is to the detectors: one look into a table. */
final class CharClass {

  /** Part of a word, but no digit; also the underscore. */
  static final byte LETTER = 1;

  /** One of the ten digits of ASCII. */
  static final byte DIGIT = 2;

  static final byte WORD = LETTER | DIGIT;

  /** Whatever its surroundings are, it may be the middle or the start of something. */
  static final byte MARK = 4;

  /** All characters behind it are inert, but for the wide colon. */
  private static final char END = '\u2E80';

  private static final char WIDE_COLON = '\uFF1A';

  private static final byte[] CLASS = classes();

  private CharClass() {}

  private static byte[] classes() {
    byte[] classes = new byte[END];
    for (char c = 0; c < END; c++) {
      boolean thaiOrLao = c >= '\u0E00' && c <= '\u0E7F';
      classes[c] = c == '_' || (Character.isLetterOrDigit(c) && !thaiOrLao) ? LETTER : 0;
    }
    for (char c = '0'; c <= '9'; c++) {
      classes[c] = DIGIT;
    }
    for (char c : new char[] {'@', ':', '=', '+', '(', '-'}) {
      classes[c] = MARK;
    }
    return classes;
  }

  /** The class of the character; 0 if it is inert. */
  static byte of(char c) {
    return c < END ? CLASS[c] : c == WIDE_COLON ? MARK : 0;
  }

  /**
   * Whether the character is part of a word. Those of scripts without spaces between words are not,
   * so that what stands between them is seen.
   */
  static boolean isWord(char c) {
    return c < END && (CLASS[c] & WORD) != 0;
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** Whether the character may stand within a key: ASCII words, and hyphens and dots. */
  static boolean isKey(char c) {
    return c < 128 && ((CLASS[c] & WORD) != 0 || c == '-' || c == '.');
  }

  /** Whether a colon or an equals sign is between a name and its value. */
  static boolean isAssignment(char c) {
    return c == ':' || c == '=' || c == WIDE_COLON;
  }
}
