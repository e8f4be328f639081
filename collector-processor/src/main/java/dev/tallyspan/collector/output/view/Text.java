package dev.tallyspan.collector.output.view;

/**
 * Fits untrusted text into terminal columns.
 *
 * <p>The text of a span must not reach the terminal unchanged: the terminal would execute an escape
 * sequence in a prompt, and a change of writing direction would garble the columns. Control and
 * format characters are removed.
 */
final class Text {

  /**
   * Returns one line of {@code text}: white space is folded, control characters are removed, and at
   * most {@code max} characters are read.
   */
  static String line(String text, int max) {
    StringBuilder line = new StringBuilder(Math.min(text.length(), max));
    boolean space = false;
    int end = Math.min(text.length(), max);
    for (int i = 0; i < end; ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
        space = line.length() > 0;
        continue;
      }
      if (isUnprintable(c)) {
        continue;
      }
      if (space) {
        line.append(' ');
        space = false;
      }
      line.appendCodePoint(c);
    }
    return line.toString();
  }

  /**
   * Returns one line of {@code text} in {@code columns}; {@code ellipsis} marks a truncated text.
   */
  static String fit(String text, int columns, String ellipsis) {
    // Characters can have no width, but rarely many in a row.
    String line = line(text, Math.max(64, columns * 4));
    boolean cut = text.length() > Math.max(64, columns * 4);
    if (!cut && width(line) <= columns) {
      return line;
    }
    int room = columns - ellipsis.length();
    if (room < 0) {
      return ellipsis.substring(0, Math.max(0, columns));
    }
    int used = 0;
    int end = 0;
    while (end < line.length()) {
      int c = line.codePointAt(end);
      if (used + width(c) > room) {
        break;
      }
      used += width(c);
      end += Character.charCount(c);
    }
    return line.substring(0, end).stripTrailing() + ellipsis;
  }

  /** Returns the number of columns of {@code line} on a terminal. */
  static int width(String line) {
    int width = 0;
    for (int i = 0; i < line.length(); ) {
      int c = line.codePointAt(i);
      width += width(c);
      i += Character.charCount(c);
    }
    return width;
  }

  private static int width(int c) {
    if (c < 0x300) {
      return 1;
    }
    int type = Character.getType(c);
    if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
      return 0;
    }
    return isWide(c) ? 2 : 1;
  }

  /** East Asian Wide and Fullwidth, by whole blocks (Unicode annex 11). */
  private static boolean isWide(int c) {
    return c >= 0x1100
        && (c <= 0x115f
            || (c >= 0x2e80 && c <= 0x303e)
            || (c >= 0x3041 && c <= 0xa4cf)
            || (c >= 0xac00 && c <= 0xd7a3)
            || (c >= 0xf900 && c <= 0xfaff)
            || (c >= 0xfe30 && c <= 0xfe6f)
            || (c >= 0xff00 && c <= 0xff60)
            || (c >= 0xffe0 && c <= 0xffe6)
            || (c >= 0x1f300 && c <= 0x1f64f)
            || (c >= 0x1f680 && c <= 0x1f6ff)
            || (c >= 0x1f900 && c <= 0x1faff)
            || (c >= 0x20000 && c <= 0x3fffd)
            || c == 0x2705
            || c == 0x274c
            || c == 0x2728
            || c == 0x26a1
            || c == 0x2b50);
  }

  private static boolean isUnprintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          true;
      default -> false;
    };
  }

  private Text() {}
}
