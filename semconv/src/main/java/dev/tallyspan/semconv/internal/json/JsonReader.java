package dev.tallyspan.semconv.internal.json;

import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/*
 * Reads JSON as instrumentation really writes it. Three things differ from RFC 8259:
 *
 * Cut-off texts. SDKs and emitters limit the length of attribute values, so that a text may end
 * anywhere, or go on with a mark such as "...[TRUNCATED: original length 20000]". At the end of the
 * text, or at such a mark, all that is open is closed: a string ends there, a member without a value
 * is dropped. Any other fault means that the text is not JSON, and gives nothing: prose may begin
 * with a bracket.
 *
 * Python's repr. Some emitters str() their structures: single quotes, True, False, None are read.
 *
 * Depth. What nests deeper than Nesting allows is not JSON to us, since reading is recursive.
 */
public final class JsonReader {

  private static final char[] NO_CHARS = {};

  private final String text;
  private int at;
  private int backslash;
  private boolean truncated;

  /** The characters of a string with escapes; kept, because one such string is seldom alone. */
  private char[] unescaped = NO_CHARS;

  private int unescapedLength;

  JsonReader(String text) {
    this(text, 0);
  }

  private JsonReader(String text, int at) {
    this.text = text;
    this.at = at;
    backslash = text.indexOf('\\', at);
  }

  /** The object or array that the text is; null if it is neither. */
  @Nullable Value<?> readContainer() {
    skipSpace();
    if (at == text.length() || (text.charAt(at) != '{' && text.charAt(at) != '[')) {
      return null;
    }
    try {
      Value<?> value = readValue(0);
      skipSpace();
      return at == text.length() || truncated ? value : null;
    } catch (NotJson e) {
      return null;
    }
  }

  /** The text inside a JSON string; null if {@code quoted} is not one whole string. */
  public static @Nullable String readQuoted(String quoted) {
    JsonReader reader = new JsonReader(quoted);
    try {
      String text = reader.readString('"');
      return reader.at == quoted.length() && !reader.truncated ? text : null;
    } catch (NotJson e) {
      return null;
    }
  }

  /** The string between these quotes, which is known to be valid. */
  static String readString(String text, int start, int end) {
    JsonReader reader = new JsonReader(text, start);
    reader.unescaped = new char[end - start];
    return reader.readString('"');
  }

  /** Whether the text was cut off. */
  boolean truncated() {
    return truncated;
  }

  private @Nullable Value<?> readValue(int depth) {
    if (depth > Nesting.MAX_DEPTH) {
      throw NotJson.INSTANCE;
    }
    skipSpace();
    if (cutOff()) {
      return null;
    }
    char c = text.charAt(at);
    switch (c) {
      case '{':
        return readObject(depth);
      case '[':
        return readArray(depth);
      case '"':
      case '\'':
        return Value.of(readString(c));
      default:
        return c == '-' || (c >= '0' && c <= '9') ? readNumber() : readWord();
    }
  }

  private Value<?> readObject(int depth) {
    at++;
    Members members = new Members();
    skipSpace();
    if (!cutOff() && text.charAt(at) == '}') {
      at++;
      return members.toValue();
    }
    while (!cutOff()) {
      skipSpace();
      if (cutOff()) {
        break;
      }
      char quote = text.charAt(at);
      if (quote != '"' && quote != '\'') {
        throw NotJson.INSTANCE;
      }
      String name = readString(quote);
      skipSpace();
      if (truncated || cutOff()) {
        break;
      }
      expect(':');
      Value<?> value = readValue(depth + 1);
      if (value != null) {
        members.put(name, value);
      }
      if (!goesOn('}')) {
        break;
      }
    }
    return members.toValue();
  }

  private Value<?> readArray(int depth) {
    at++;
    List<Value<?>> elements = new ArrayList<>();
    skipSpace();
    if (!cutOff() && text.charAt(at) == ']') {
      at++;
      return Value.of(elements);
    }
    while (!cutOff()) {
      Value<?> value = readValue(depth + 1);
      if (value != null) {
        elements.add(value);
      }
      if (!goesOn(']')) {
        break;
      }
    }
    return Value.of(elements);
  }

  /** Steps over a comma, or over the end of the container; whether there is another element. */
  private boolean goesOn(char end) {
    skipSpace();
    if (truncated || cutOff()) {
      return false;
    }
    char c = text.charAt(at++);
    if (c == end) {
      return false;
    }
    if (c != ',') {
      throw NotJson.INSTANCE;
    }
    return true;
  }

  private String readString(char quote) {
    at++;
    boolean escaped = false;
    while (true) {
      int start = at;
      int end = text.indexOf(quote, at);
      int escape = nextBackslash();
      if (escape < 0 || (end >= 0 && end < escape)) {
        truncated |= end < 0;
        int last = end < 0 ? text.length() : end;
        at = end < 0 ? text.length() : end + 1;
        if (!escaped) {
          return text.substring(start, last);
        }
        append(start, last);
        return new String(unescaped, 0, unescapedLength);
      }
      if (!escaped) {
        escaped = true;
        unescapedLength = 0;
      }
      append(start, escape);
      at = escape + 1;
      readEscape();
    }
  }

  /** Appends a run of characters of the text to the string as they are. */
  private void append(int from, int to) {
    ensure(to - from);
    text.getChars(from, to, unescaped, unescapedLength);
    unescapedLength += to - from;
  }

  private void append(char c) {
    ensure(1);
    unescaped[unescapedLength++] = c;
  }

  private void ensure(int more) {
    int needed = unescapedLength + more;
    if (needed > unescaped.length) {
      // No string is longer than the text.
      int room = Math.min(text.length(), Math.max(needed, Math.max(256, 2 * unescaped.length)));
      unescaped = Arrays.copyOf(unescaped, room);
    }
  }

  /**
   * Where the next backslash is; -1 if there is none. Looked for once, since most texts have few.
   */
  private int nextBackslash() {
    if (backslash >= 0 && backslash < at) {
      backslash = text.indexOf('\\', at);
    }
    return backslash;
  }

  private void readEscape() {
    if (at == text.length()) {
      return;
    }
    char c = text.charAt(at++);
    switch (c) {
      case 'n' -> append('\n');
      case 't' -> append('\t');
      case 'r' -> append('\r');
      case 'b' -> append('\b');
      case 'f' -> append('\f');
      case 'u' -> readCodeUnit();
      default -> append(c);
    }
  }

  private void readCodeUnit() {
    int unit = 0;
    for (int i = 0; i < 4; i++, at++) {
      if (at == text.length()) {
        return;
      }
      int digit = Character.digit(text.charAt(at), 16);
      if (digit < 0) {
        throw NotJson.INSTANCE;
      }
      unit = unit * 16 + digit;
    }
    append((char) unit);
  }

  private @Nullable Value<?> readNumber() {
    int start = at;
    boolean whole = true;
    for (; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '.' && text.startsWith("...", at)) {
        break;
      }
      if (c == '.' || c == 'e' || c == 'E' || c == '+') {
        whole = false;
      } else if (c != '-' && (c < '0' || c > '9')) {
        break;
      }
    }
    if (cutOff()) {
      return null; // digits may be missing
    }
    try {
      return toNumber(text, start, at, whole);
    } catch (NumberFormatException e) {
      throw NotJson.INSTANCE;
    }
  }

  /** The number in this part of the text, which is known to be valid. */
  static Value<?> toNumber(String text, int start, int end) {
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      if (c == '.' || c == 'e' || c == 'E') {
        return toNumber(text, start, end, /* whole= */ false);
      }
    }
    return toNumber(text, start, end, /* whole= */ true);
  }

  private static Value<?> toNumber(String text, int start, int end, boolean whole) {
    if (whole && end - start < 19) {
      return Value.of(Long.parseLong(text, start, end, 10));
    }
    String number = text.substring(start, end);
    return whole ? bigWhole(number) : Value.of(Double.parseDouble(number));
  }

  private static Value<?> bigWhole(String number) {
    try {
      return Value.of(Long.parseLong(number));
    } catch (NumberFormatException e) {
      return Value.of(Double.parseDouble(number));
    }
  }

  private @Nullable Value<?> readWord() {
    int start = at;
    while (at < text.length() && Character.isLetter(text.charAt(at))) {
      at++;
    }
    String word = text.substring(start, at);
    if (at == text.length() && !word.isEmpty()) {
      truncated = true;
      return null;
    }
    switch (word) {
      case "true", "True":
        return Value.of(true);
      case "false", "False":
        return Value.of(false);
      case "null", "None", "undefined", "NaN", "Infinity":
        return EmptyValue.get();
      default:
        throw NotJson.INSTANCE;
    }
  }

  /** Whether the text was cut off here; a mark that says so counts as its end. */
  private boolean cutOff() {
    if (truncated) {
      return true;
    }
    if (at >= text.length() || text.startsWith("...", at) || text.charAt(at) == '\u2026') {
      truncated = true;
      at = text.length();
    }
    return truncated;
  }

  private void expect(char c) {
    if (text.charAt(at) != c) {
      throw NotJson.INSTANCE;
    }
    at++;
  }

  private void skipSpace() {
    while (at < text.length() && text.charAt(at) <= ' ') {
      at++;
    }
  }

  /** Thrown and caught in here alone; carries nothing, least of all the text. */
  private static final class NotJson extends RuntimeException {
    static final NotJson INSTANCE = new NotJson();

    private NotJson() {
      super(null, null, false, false);
    }
  }
}
