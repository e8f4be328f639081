package dev.tallyspan.semconv.content;

import dev.tallyspan.semconv.content.PathRule.Action;
import dev.tallyspan.semconv.internal.json.JsonWriter;
import org.jspecify.annotations.Nullable;

/**
 * Edits the strings and numbers of a JSON text where they stand, and leaves everything else as it
 * was written. Reads one text.
 */
final class JsonRewriter {

  private static final int MAX_DEPTH = 200;

  private final Redactor redactor;
  private final Tally tally;
  private String text = "";
  private int at;
  private int backslash = -1;
  private int backslashFrom;
  private boolean cut;
  private @Nullable StringBuilder out;
  private int copied;

  /** What strings are decoded in, one after the other. */
  private @Nullable StringBuilder scratch;

  JsonRewriter(Redactor redactor, Tally tally) {
    this.redactor = redactor;
    this.tally = tally;
  }

  /** Whether it is worth trying. */
  static boolean mayBeJson(String text) {
    return mayBeJson(text, 0, text.length());
  }

  /** The same for a part of a text. */
  static boolean mayBeJson(String text, int from, int to) {
    int first = firstOf(text, from, to);
    return first < to && "{[\"".indexOf(text.charAt(first)) >= 0;
  }

  /** Where the first character is that is no space. */
  private static int firstOf(String text, int from, int to) {
    int first = from;
    while (first < to && text.charAt(first) <= ' ') {
      first++;
    }
    return first;
  }

  /**
   * The edited text; the same instance if nothing changed; null if the text is not JSON. JSON texts
   * one after the other, and one that was cut off, are JSON too.
   */
  @Nullable String rewrite(String json, String name, PathState rules) {
    text = json;
    try {
      do {
        value(0, name, rules);
        skipSpace();
        if (at < text.length() && text.charAt(at) == ',') {
          at++;
          skipSpace();
        }
      } while (at < text.length() && !cut && mayBeJson(text, at, at + 1));
    } catch (NotJson e) {
      return null;
    }
    if (cut && text.charAt(firstOf(text, 0, text.length())) == '"') {
      return null; // prose that starts with a quotation mark
    }
    if (cut) {
      rest(name, rules);
    } else if (at < text.length()) {
      return null;
    }
    return out == null ? text : out.append(text, copied, text.length()).toString();
  }

  /** What follows the place where the text was cut off. */
  private void rest(String name, PathState rules) {
    if (at < text.length()) {
      replace(at, text.length(), redactor.plain(text, at, text.length(), name, rules, tally));
    }
  }

  private void value(int depth, String name, PathState rules) {
    skipSpace();
    if (isCut()) {
      return;
    }
    if (depth > MAX_DEPTH) {
      throw NotJson.INSTANCE;
    }
    char c = text.charAt(at);
    switch (c) {
      case '{' -> object(depth, rules);
      case '[' -> array(depth, name, rules);
      case '"', '\'' -> string(c, name, rules);
      default -> scalar(name, rules);
    }
  }

  private void object(int depth, PathState rules) {
    at++;
    skipSpace();
    int comma = -1;
    boolean first = true;
    while (!isCut()) {
      skipSpace();
      if (isCut()) {
        return;
      }
      char c = text.charAt(at);
      if (c == '}') {
        at++;
        return;
      }
      if (c != '"' && c != '\'') {
        throw NotJson.INSTANCE;
      }
      int start = at;
      int nameEnd = stringEnd(c);
      String name = decoded(start + 1, nameEnd, c);
      PathState below = rules.member(name);
      boolean drops = below.is(Action.DROP);
      if (!drops && rules.action() == null) {
        edit(start + 1, nameEnd, c, redactor.redact(name, "", PathState.NO_RULES, tally), name);
      }
      skipSpace();
      if (isCut()) {
        return;
      }
      if (text.charAt(at) != ':') {
        throw NotJson.INSTANCE;
      }
      at++;
      member(depth, name, below, drops);
      comma = after(start, comma, drops, first, '}');
      if (comma < 0) {
        return;
      }
      first &= drops;
    }
  }

  private void array(int depth, String name, PathState rules) {
    at++;
    int comma = -1;
    boolean first = true;
    int index = 0;
    while (!isCut()) {
      skipSpace();
      if (isCut()) {
        return;
      }
      if (text.charAt(at) == ']') {
        at++;
        return;
      }
      int start = at;
      PathState below = rules.element(index++);
      boolean drops = below.is(Action.DROP);
      member(depth, name, below, drops);
      comma = after(start, comma, drops, first, ']');
      if (comma < 0) {
        return;
      }
      first &= drops;
    }
  }

  private void member(int depth, String name, PathState below, boolean drops) {
    if (drops) {
      new Skip().value(depth + 1);
      tally.removed++;
    } else {
      value(depth + 1, name, below);
    }
  }

  /**
   * Steps over a comma; removes the member before it, with one comma, if it is dropped.
   *
   * @param comma where the comma before the member is; -1 if there is none
   * @param first whether no member before was kept
   * @return where the comma is; -1 if this was the last
   */
  private int after(int start, int comma, boolean drops, boolean first, char end) {
    int valueEnd = at;
    skipSpace();
    boolean goesOn = at < text.length() && text.charAt(at) == ',';
    if (drops && goesOn && first) {
      replace(start, at + 1, "");
    } else if (drops) {
      replace(first ? start : comma, valueEnd, "");
    }
    if (goesOn) {
      return at++;
    }
    if (!isCut()) {
      if (text.charAt(at) != end) {
        throw NotJson.INSTANCE;
      }
      at++;
    }
    return -1;
  }

  private void string(char quote, String name, PathState rules) {
    int start = at + 1;
    int end = stringEnd(quote);
    if (redactor.isLeftAlone(rules)) {
      return;
    }
    boolean plain = !hasEscapes(start, end);
    if (plain && name.isEmpty() && rules.action() == null && !opens(start, end)) {
      replace(start, end, redactor.plain(text, start, end, name, rules, tally));
      return;
    }
    if (plain && redactor.keeps(text, start, end, name, rules)) {
      return;
    }
    String decoded = plain ? text.substring(start, end) : decoded(start, end, quote);
    edit(start, end, quote, redactor.redact(decoded, name, rules, tally), decoded);
  }

  private boolean opens(int start, int end) {
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      if (c > ' ') {
        return c == '{' || c == '[';
      }
    }
    return false;
  }

  private void edit(int start, int end, char quote, String edited, String decoded) {
    if (!edited.equals(decoded)) {
      StringBuilder quoted = new StringBuilder(edited.length() + 16);
      JsonWriter.quote(edited, quoted);
      String inner = quoted.substring(1, quoted.length() - 1);
      replace(start, end, quote == '"' ? inner : inner.replace("\\\"", "\"").replace("'", "\\'"));
    }
  }

  private void scalar(String name, PathState rules) {
    int start = at;
    while (at < text.length() && isScalar(text.charAt(at))) {
      if (text.startsWith("...", at)) {
        break;
      }
      at++;
    }
    if (at == start) {
      throw NotJson.INSTANCE;
    }
    String scalar = text.substring(start, at);
    char c = scalar.charAt(0);
    if (c == '-' || CharClass.isDigit(c)) {
      for (int i = 0; i < scalar.length(); i++) {
        char digit = scalar.charAt(i);
        if (!CharClass.isDigit(digit) && "+-.eE".indexOf(digit) < 0) {
          throw NotJson.INSTANCE;
        }
      }
      String masked = redactor.number(scalar, name, rules, tally);
      replace(start, at, masked == null ? null : '"' + masked + '"');
    } else {
      switch (scalar) {
        case "true", "false", "True", "False" -> {
          String masked =
              rules.is(Action.MASK) ? redactor.number(scalar, name, rules, tally) : null;
          replace(start, at, masked == null ? null : '"' + masked + '"');
        }
        case "null", "None", "undefined", "NaN", "Infinity" -> {
          // says nothing
        }
        default -> {
          if (at < text.length()) {
            throw NotJson.INSTANCE;
          }
          cut = true; // a word that was cut off, if it is one
        }
      }
    }
  }

  private static boolean isScalar(char c) {
    return c < 128 && (CharClass.isWord(c) || c == '-' || c == '+' || c == '.') && c != '_';
  }

  /** Steps over a string; where its closing quote is. */
  private int stringEnd(char quote) {
    int from = at + 1;
    int end = text.indexOf(quote, from);
    while (end >= 0) {
      int escape = nextBackslash(from);
      if (escape > end) {
        at = end + 1;
        return end;
      }
      from = escape + 2;
      end = end < from ? text.indexOf(quote, from) : end;
    }
    at = text.length();
    cut = true;
    return at;
  }

  private String decoded(int start, int end, char quote) {
    if (!hasEscapes(start, end)) {
      return text.substring(start, end);
    }
    StringBuilder decoded = scratch == null ? new StringBuilder(end - start) : scratch;
    scratch = decoded;
    decoded.setLength(0);
    JsonEscapes.decode(text, start, end, quote, decoded);
    return decoded.toString();
  }

  private boolean hasEscapes(int start, int end) {
    return nextBackslash(start) < end;
  }

  /** Where the next backslash is; it is looked for once, since most texts have few. */
  private int nextBackslash(int from) {
    if (from < backslashFrom || from > backslash) {
      int next = text.indexOf('\\', from);
      backslash = next < 0 ? Integer.MAX_VALUE : next;
      backslashFrom = from;
    }
    return backslash;
  }

  private void replace(int start, int end, @Nullable String replacement) {
    if (replacement != null) {
      out = out == null ? new StringBuilder(text.length() + 32) : out;
      out.append(text, copied, start).append(replacement);
      copied = end;
    }
  }

  /** Whether the text ends here, or has a mark that says that it was cut off. */
  private boolean isCut() {
    cut |= at >= text.length() || text.charAt(at) == '\u2026' || text.startsWith("...", at);
    return cut;
  }

  private void skipSpace() {
    while (at < text.length() && text.charAt(at) <= ' ') {
      at++;
    }
  }

  /** Steps over a value that is dropped. */
  private final class Skip {

    void value(int depth) {
      skipSpace();
      if (isCut()) {
        return;
      }
      if (depth > MAX_DEPTH) {
        throw NotJson.INSTANCE;
      }
      char c = text.charAt(at);
      if (c == '"' || c == '\'') {
        stringEnd(c);
      } else if (c == '{' || c == '[') {
        container(depth, c == '{' ? '}' : ']');
      } else {
        int start = at;
        while (at < text.length() && isScalar(text.charAt(at))) {
          at++;
        }
        if (at == start) {
          throw NotJson.INSTANCE;
        }
      }
    }

    private void container(int depth, char end) {
      at++;
      skipSpace();
      while (!isCut() && text.charAt(at) != end) {
        value(depth + 1);
        skipSpace();
        if (!isCut() && (text.charAt(at) == ',' || text.charAt(at) == ':')) {
          at++;
        }
        skipSpace();
      }
      at = Math.min(at + 1, text.length());
    }
  }

  /** Thrown and caught in here alone; carries nothing, least of all the text. */
  private static final class NotJson extends RuntimeException {
    static final NotJson INSTANCE = new NotJson();
    private static final long serialVersionUID = 1;

    private NotJson() {
      super(null, null, false, false);
    }
  }
}
