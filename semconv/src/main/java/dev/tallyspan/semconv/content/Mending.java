package dev.tallyspan.semconv.content;

/**
 * Replaces what databases and JSON readers reject: NUL characters and halves of surrogate pairs, as
 * characters and, in JSON text, as escapes. Each becomes U+FFFD.
 */
final class Mending {

  private static final char REPLACEMENT = '\uFFFD';

  private Mending() {}

  /** The mended text; the same instance if nothing is wrong with it. */
  static String mend(String text) {
    String mended = characters(text);
    return JsonRewriter.mayBeJson(mended) && mayHaveWrongEscapes(mended) ? escapes(mended) : mended;
  }

  private static boolean mayHaveWrongEscapes(String json) {
    return json.contains("\\u")
        && (json.contains("\\u0000") || json.contains("\\ud") || json.contains("\\uD"));
  }

  private static String characters(String text) {
    int first = firstWrong(text);
    if (first < 0) {
      return text;
    }
    StringBuilder mended = new StringBuilder(text);
    for (int i = first; i < mended.length(); i++) {
      char c = mended.charAt(i);
      if (c == 0 || Character.isSurrogate(c)) {
        boolean pair =
            Character.isHighSurrogate(c)
                && i + 1 < mended.length()
                && Character.isLowSurrogate(mended.charAt(i + 1));
        if (pair) {
          i++;
        } else {
          mended.setCharAt(i, REPLACEMENT);
        }
      }
    }
    return mended.toString();
  }

  private static int firstWrong(String text) {
    int length = text.length();
    int at = firstSuspect(text, 0, length);
    while (at < length) {
      char c = text.charAt(at);
      boolean pair =
          Character.isHighSurrogate(c)
              && at + 1 < length
              && Character.isLowSurrogate(text.charAt(at + 1));
      if (!pair) {
        return at;
      }
      at = firstSuspect(text, at + 2, length);
    }
    return -1;
  }

  /** Where the first NUL or surrogate is. The loop is kept simple, since it sees every text. */
  private static int firstSuspect(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if ((char) (c - 1) >= Character.MIN_SURROGATE - 1 && (c == 0 || Character.isSurrogate(c))) {
        return i;
      }
    }
    return to;
  }

  private static String escapes(String json) {
    StringBuilder mended = null;
    int copied = 0;
    int at = 0;
    while (at < json.length()) {
      if (json.charAt(at) != '\\') {
        at++;
        continue;
      }
      int unit = unit(json, at);
      if (unit < 0) {
        at += 2;
      } else if (unit >= 0xD800 && unit < 0xDC00 && isLow(unit(json, at + 6))) {
        at += 12;
      } else {
        if (unit == 0 || (unit >= 0xD800 && unit <= 0xDFFF)) {
          mended = mended == null ? new StringBuilder(json.length()) : mended;
          mended.append(json, copied, at).append("\\ufffd");
          copied = at + 6;
        }
        at += 6;
      }
    }
    return mended == null ? json : mended.append(json, copied, json.length()).toString();
  }

  private static boolean isLow(int unit) {
    return unit >= 0xDC00 && unit <= 0xDFFF;
  }

  /** The number of the Unicode escape that starts here; -1 if there is none. */
  private static int unit(String json, int at) {
    return at + 1 < json.length() && json.charAt(at) == '\\' && json.charAt(at + 1) == 'u'
        ? Unescaped.unit(json, at + 2, 4)
        : -1;
  }
}
