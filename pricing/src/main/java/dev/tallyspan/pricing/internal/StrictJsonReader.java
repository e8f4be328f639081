package dev.tallyspan.pricing.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Parses JSON text (RFC 8259). Strict; keeps the order of members and rejects duplicate members.
 */
public final class StrictJsonReader {
  private static final int MAX_DEPTH = 64;

  private final String text;
  private int position;
  private int line = 1;
  private int depth;

  private StrictJsonReader(String text) {
    this.text = text;
  }

  /**
   * Parses a text, which may begin with a byte order mark.
   *
   * @throws JsonException if it is not one JSON value
   */
  public static JsonValue read(String text) throws JsonException {
    StrictJsonReader reader = new StrictJsonReader(text);
    reader.skipByteOrderMark();
    JsonValue value = reader.value();
    reader.skipSpace();
    if (reader.position < text.length()) {
      throw reader.error("text after the end of the JSON value");
    }
    return value;
  }

  private void skipByteOrderMark() {
    if (text.startsWith("\uFEFF")) {
      position = 1;
    }
  }

  private JsonValue value() throws JsonException {
    skipSpace();
    int start = line;
    switch (peek()) {
      case '{':
        return object(start);
      case '[':
        return array(start);
      case '"':
        return new JsonValue.Str(string(), start);
      case 't':
        literal("true");
        return new JsonValue.Bool(true, start);
      case 'f':
        literal("false");
        return new JsonValue.Bool(false, start);
      case 'n':
        literal("null");
        return new JsonValue.Null(start);
      default:
        return new JsonValue.Num(number(), start);
    }
  }

  private JsonValue object(int start) throws JsonException {
    enter();
    Map<String, JsonValue> members = new LinkedHashMap<>();
    skipSpace();
    if (peek() == '}') {
      position++;
    } else {
      do {
        skipSpace();
        if (peek() != '"') {
          throw error("expected a member name in double quotes");
        }
        String name = string();
        skipSpace();
        expect(':');
        int at = line;
        if (members.put(name, value()) != null) {
          throw new JsonException(at, "\"" + name + "\" is given twice; keep one");
        }
      } while (more('}'));
    }
    depth--;
    return new JsonValue.Obj(members, start);
  }

  private JsonValue array(int start) throws JsonException {
    enter();
    List<JsonValue> elements = new ArrayList<>();
    skipSpace();
    if (peek() == ']') {
      position++;
    } else {
      do {
        elements.add(value());
      } while (more(']'));
    }
    depth--;
    return new JsonValue.Arr(elements, start);
  }

  private void enter() throws JsonException {
    position++;
    if (++depth > MAX_DEPTH) {
      throw error("nested deeper than " + MAX_DEPTH);
    }
  }

  private boolean more(char end) throws JsonException {
    skipSpace();
    char next = peek();
    if (next != ',' && next != end) {
      throw error("expected ',' or '" + end + "'");
    }
    position++;
    return next == ',';
  }

  private String string() throws JsonException {
    position++;
    int start = position;
    while (position < text.length()) {
      char c = text.charAt(position);
      if (c == '"') {
        return text.substring(start, position++);
      }
      if (c == '\\') {
        return escaped(start);
      }
      checkPrintable(c);
      position++;
    }
    throw error("unterminated string");
  }

  private String escaped(int start) throws JsonException {
    StringBuilder out = new StringBuilder(text.substring(start, position));
    while (position < text.length()) {
      char c = text.charAt(position++);
      if (c == '"') {
        return out.toString();
      }
      if (c != '\\') {
        checkPrintable(c);
        out.append(c);
        continue;
      }
      char escape = peek();
      position++;
      switch (escape) {
        case '"', '\\', '/' -> out.append(escape);
        case 'b' -> out.append('\b');
        case 'f' -> out.append('\f');
        case 'n' -> out.append('\n');
        case 'r' -> out.append('\r');
        case 't' -> out.append('\t');
        case 'u' -> out.append(codeUnit());
        default -> throw error("unknown escape \\" + escape);
      }
    }
    throw error("unterminated string");
  }

  private char codeUnit() throws JsonException {
    int unit = 0;
    for (int i = 0; i < 4; i++) {
      int digit = Character.digit(peek(), 16);
      if (digit < 0) {
        throw error("\\u needs four hexadecimal digits");
      }
      unit = unit << 4 | digit;
      position++;
    }
    return (char) unit;
  }

  private String number() throws JsonException {
    int start = position;
    if (peek() == '-') {
      position++;
    }
    int whole = digits();
    if (whole == 0 || whole > 1 && text.charAt(position - whole) == '0') {
      throw error("expected a JSON value");
    }
    if (position < text.length() && text.charAt(position) == '.') {
      position++;
      requireDigits();
    }
    if (position < text.length() && (text.charAt(position) | 0x20) == 'e') {
      position++;
      if (peek() == '+' || peek() == '-') {
        position++;
      }
      requireDigits();
    }
    return text.substring(start, position);
  }

  private void requireDigits() throws JsonException {
    if (digits() == 0) {
      throw error("number with missing digits");
    }
  }

  private int digits() {
    int start = position;
    while (position < text.length()
        && text.charAt(position) >= '0'
        && text.charAt(position) <= '9') {
      position++;
    }
    return position - start;
  }

  private void literal(String word) throws JsonException {
    if (!text.startsWith(word, position)) {
      throw error("expected a JSON value");
    }
    position += word.length();
  }

  private void expect(char wanted) throws JsonException {
    if (peek() != wanted) {
      throw error("expected '" + wanted + "'");
    }
    position++;
  }

  private char peek() throws JsonException {
    if (position >= text.length()) {
      throw error("unexpected end of the text");
    }
    return text.charAt(position);
  }

  private void skipSpace() {
    while (position < text.length()) {
      char c = text.charAt(position);
      if (c == '\n') {
        line++;
      } else if (c != ' ' && c != '\t' && c != '\r') {
        return;
      }
      position++;
    }
  }

  private void checkPrintable(char c) throws JsonException {
    if (c < ' ') {
      throw error("control character in a string");
    }
  }

  private JsonException error(String what) {
    return new JsonException(line, what);
  }

  /** A syntax error, with its line. */
  public static final class JsonException extends Exception {
    private final int line;

    JsonException(int line, String what) {
      super(what);
      this.line = line;
    }

    /** Returns the line of the error; the first is 1. */
    public int line() {
      return line;
    }
  }
}
