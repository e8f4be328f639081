package dev.tallyspan.semconv.internal.json;

/**
 * Steps over JSON text as RFC 8259 defines it, and says no to everything else. What it accepts, the
 * reader of all sorts of JSON reads to the same values.
 */
public abstract class JsonScan {

  /** Deeper values are not accepted. */
  protected static final int MAX_DEPTH = 32;

  protected final String text;
  protected int at;

  /** Whether the last string had an escape, so that it may be another one than it looks. */
  protected boolean escaped;

  private int backslash;

  protected JsonScan(String text) {
    this.text = text;
    backslash = text.indexOf('\\');
  }

  /** Steps over a value. */
  protected final boolean value(int depth) {
    skipSpace();
    if (depth > MAX_DEPTH || at == text.length()) {
      return false;
    }
    char c = text.charAt(at);
    return switch (c) {
      case '"' -> string();
      case '{' -> container('}', depth);
      case '[' -> container(']', depth);
      default -> scalar(c);
    };
  }

  /** Steps over a number or word that begins with this character. */
  protected final boolean scalar(char c) {
    return switch (c) {
      case 't' -> word("true");
      case 'f' -> word("false");
      case 'n' -> word("null");
      default -> number();
    };
  }

  private boolean container(char close, int depth) {
    at++;
    if (next(close)) {
      return true;
    }
    do {
      skipSpace();
      if (close == '}' && !(string() && next(':'))) {
        return false;
      }
      if (!value(depth + 1)) {
        return false;
      }
    } while (next(','));
    return next(close);
  }

  /** Steps over a string in double quotes; false if it has no end or an escape that is none. */
  protected final boolean string() {
    if (at == text.length() || text.charAt(at) != '"') {
      return false;
    }
    int from = at + 1;
    escaped = false;
    while (true) {
      int end = text.indexOf('"', from);
      if (end < 0) {
        return false;
      }
      if (backslash >= 0 && backslash < from) {
        backslash = text.indexOf('\\', from);
      }
      if (backslash < 0 || backslash > end) {
        at = end + 1;
        return true;
      }
      escaped = true;
      from = afterEscape(backslash + 1);
      if (from < 0) {
        return false;
      }
    }
  }

  /** The position after an escape; -1 if it is not a valid escape. */
  private int afterEscape(int escaped) {
    char c = text.charAt(escaped); // there is a quote behind it, or it is one
    if (c != 'u') {
      return "\"\\/bfnrt".indexOf(c) >= 0 ? escaped + 1 : -1;
    }
    if (escaped + 5 > text.length()) {
      return -1;
    }
    for (int i = escaped + 1; i < escaped + 5; i++) {
      char digit = text.charAt(i);
      if (digit >= 0x80 || Character.digit(digit, 16) < 0) {
        return -1;
      }
    }
    return escaped + 5;
  }

  private boolean word(String word) {
    boolean there = text.startsWith(word, at);
    at += word.length();
    return there;
  }

  private boolean number() {
    if (text.charAt(at) == '-') {
      at++;
    }
    if (!digits()) {
      return false;
    }
    if (at < text.length() && text.charAt(at) == '.') {
      at++;
      if (!digits()) {
        return false;
      }
    }
    if (at < text.length() && (text.charAt(at) | 0x20) == 'e') {
      at++;
      if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
        at++;
      }
      return digits();
    }
    return true;
  }

  private boolean digits() {
    int start = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at > start;
  }

  /** Steps over this character, and space before it, if it is there. */
  protected final boolean next(char c) {
    skipSpace();
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  protected final void skipSpace() {
    while (at < text.length() && text.charAt(at) <= ' ') {
      at++;
    }
  }

  /** Whether the string from {@code start} to {@code end}, quotes included, is this word. */
  protected final boolean is(int start, int end, String word) {
    return end - start == word.length() + 2 && text.startsWith(word, start + 1);
  }
}
