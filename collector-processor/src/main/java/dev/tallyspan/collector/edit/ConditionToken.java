package dev.tallyspan.collector.edit;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A word of a condition or statement.
 *
 * @param text of a string, without its quotes and escapes
 * @param at the index of its first character
 */
record ConditionToken(Type type, String text, int at) {

  enum Type {
    STRING,
    NUMBER,
    /** A name of letters, digits and underscores. */
    NAME,
    /** An operator, a bracket, a dot, a comma or an equals sign. */
    SYMBOL,
    END
  }

  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(?:(?<string>\"[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+\")"
              + "|(?<number>[+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
              + "|(?<name>[A-Za-z_][A-Za-z0-9_]*)"
              + "|(?<symbol>==|!=|<=|>=|[<>()\\[\\].,=])"
              + "|(?<end>$))",
          Pattern.DOTALL);

  /**
   * @throws IllegalArgumentException if a character belongs to no word
   */
  static List<ConditionToken> of(String text) {
    List<ConditionToken> tokens = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(text);
    int at = 0;
    while (true) {
      if (!matcher.region(at, text.length()).lookingAt()) {
        int wrong =
            at + (int) text.substring(at).chars().takeWhile(Character::isWhitespace).count();
        throw fault(wrong, "not expected here: " + text.charAt(wrong));
      }
      at = matcher.end();
      if (matcher.group("string") != null) {
        tokens.add(string(matcher.group("string"), matcher.start("string")));
      } else if (matcher.group("number") != null) {
        tokens.add(
            new ConditionToken(Type.NUMBER, matcher.group("number"), matcher.start("number")));
      } else if (matcher.group("name") != null) {
        tokens.add(new ConditionToken(Type.NAME, matcher.group("name"), matcher.start("name")));
      } else if (matcher.group("symbol") != null) {
        tokens.add(
            new ConditionToken(Type.SYMBOL, matcher.group("symbol"), matcher.start("symbol")));
      } else {
        tokens.add(new ConditionToken(Type.END, "", at));
        return tokens;
      }
    }
  }

  private static ConditionToken string(String quoted, int at) {
    StringBuilder text = new StringBuilder();
    for (int i = 1; i < quoted.length() - 1; i++) {
      char c = quoted.charAt(i);
      if (c == '\\') {
        char escaped = quoted.charAt(++i);
        c =
            switch (escaped) {
              case 'n' -> '\n';
              case 't' -> '\t';
              case 'r' -> '\r';
              case '"', '\\' -> escaped;
              default -> throw fault(at + i, "unknown escape \\" + escaped + "; write \\\\ for \\");
            };
      }
      text.append(c);
    }
    return new ConditionToken(Type.STRING, text.toString(), at);
  }

  boolean is(Type other, String word) {
    return type == other && text.equals(word);
  }

  /** Returns an exception that says where the fault is. */
  static IllegalArgumentException fault(int at, String message) {
    return new IllegalArgumentException("at character " + (at + 1) + ": " + message);
  }
}
