package dev.tallyspan.semconv.content;

import static dev.tallyspan.semconv.content.CharClass.isDigit;
import static dev.tallyspan.semconv.content.CharClass.isWord;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Values assigned to secret names, {@code password=…} and {@code "api_key": "…"}, and passwords in
 * URLs. Most assignments in texts are source code, where the value is a type, a variable or a call:
 * those are not secrets.
 */
final class Assignments {

  private static final String SECRET = StandardDetector.SECRET.name();
  private static final int LONGEST_NAME = 48;
  private static final int LONGEST_QUOTED = 256;
  private static final int LONGEST_SPOKEN = 10;
  private static final int LONGEST_AUTHORITY = 256;

  /** Values that stand for one, or say of what type it is. */
  private static final Set<String> NOT_SECRET =
      Set.of(
          "string",
          "str",
          "text",
          "int",
          "integer",
          "number",
          "boolean",
          "bool",
          "object",
          "any",
          "none",
          "null",
          "nil",
          "true",
          "false",
          "undefined",
          "optional",
          "required",
          "bytes",
          "char",
          "varchar",
          "void",
          "unknown",
          "empty",
          "password",
          "secret",
          "token",
          "value",
          "redacted",
          "masked",
          "hidden",
          "changeme",
          "example",
          "placeholder",
          "env",
          "self",
          "this",
          "await",
          "new",
          "process",
          "config",
          "request",
          "field",
          "basic",
          "bearer",
          "uuid",
          "byte");

  private static final List<String> SPOKEN =
      List.of(
          "password", "passcode", "passwort", "kennwort", "contraseña", "senha", "passe", "пароль");

  /** By the first letter, the lengths of the words as bits. */
  private static final int[] SPOKEN_LENGTHS = spokenLengths();

  private static final Set<String> VERBS =
      Set.of(
          "is", "was", "ist", "lautet", "war", "es", "era", "est", "était", "é", "è", "\u2014",
          "-");

  private final Findings findings;

  Assignments(Findings findings) {
    this.findings = findings;
  }

  private static int[] spokenLengths() {
    int[] lengths = new int[128];
    for (String word : SPOKEN) {
      char first = word.charAt(0);
      if (first < 128) {
        lengths[first] |= 1 << word.length();
        lengths[Character.toUpperCase(first)] |= 1 << word.length();
      }
    }
    return lengths;
  }

  /**
   * Whether a name that may be secret is before this colon or equals sign, or it is that of a URL.
   */
  static boolean mayBeAt(String text, int from, int at) {
    int nameEnd = nameEnd(text, from, at);
    return (nameEnd > from && SensitiveNames.mayEndWith(text.charAt(nameEnd - 1)))
        || text.startsWith("://", at);
  }

  /** Where the name ends: between it and {@code at} may be quotation marks and spaces. */
  private static int nameEnd(String text, int from, int at) {
    int nameEnd = at;
    while (nameEnd > from && nameEnd > at - 3 && isBetween(text.charAt(nameEnd - 1))) {
      nameEnd--;
    }
    return nameEnd;
  }

  private static boolean isBetween(char c) {
    return c == ' ' || c == '"' || c == '\'' || c == '`' || c == '*' || c == '\\';
  }

  /** Reports the value after this colon or equals sign; returns its end, or -1. */
  int at(String text, int from, int at, int to) {
    if (text.startsWith("://", at)) {
      return url(text, at + 3, to);
    }
    int nameEnd = nameEnd(text, from, at);
    int name = nameEnd;
    while (name > from && name > nameEnd - LONGEST_NAME && isName(text.charAt(name - 1))) {
      name--;
    }
    String kind = SensitiveNames.kind(text, name, nameEnd);
    boolean token = kind == null && nameEnd - name >= 5 && endsWithToken(text, nameEnd);
    if (kind == null && !token) {
      return -1;
    }
    int value = at + 1;
    while (value < to && value < at + 3 && " =>".indexOf(text.charAt(value)) >= 0) {
      value++;
    }
    if (value >= to) {
      return -1;
    }
    String label = text.substring(name, nameEnd).toLowerCase(Locale.ROOT);
    if (label.endsWith("authorization")) {
      value = afterScheme(text, value, to);
    }
    int end = valueEnd(text, value, to, token, label, value > at + 1);
    if (end < 0) {
      return -1;
    }
    int start = isQuote(text.charAt(value)) ? value + quoteLength(text, value) : value;
    findings.found(start, end, kind == null ? SECRET : kind);
    return end;
  }

  /**
   * Reports the value in {@code my password is …}, in some languages, if it looks like one; returns
   * its end, or -1.
   */
  int spoken(String text, int at, int wordEnd, int to) {
    if (wordEnd >= to || text.charAt(wordEnd) != ' ' || !isSpoken(text, at, wordEnd - at)) {
      return -1;
    }
    int verbEnd = wordEnd + 1;
    while (verbEnd < to && verbEnd - wordEnd < 12 && text.charAt(verbEnd) != ' ') {
      verbEnd++;
    }
    if (verbEnd + 1 >= to || !VERBS.contains(text.substring(wordEnd + 1, verbEnd))) {
      return -1;
    }
    int value = verbEnd + 1;
    int end = valueEnd(text, value, to, /* token= */ false, "password", /* spaced= */ true);
    if (end > 0) {
      findings.found(isQuote(text.charAt(value)) ? value + 1 : value, end, SECRET);
    }
    return end;
  }

  /** Whether the word may be one that means password. */
  static boolean isSpoken(String text, int at, int length) {
    char first = text.charAt(at);
    if (length > LONGEST_SPOKEN || (first < 128 && (SPOKEN_LENGTHS[first] >> length & 1) == 0)) {
      return false;
    }
    for (String word : SPOKEN) {
      if (word.length() == length && text.regionMatches(true, at, word, 0, length)) {
        return true;
      }
    }
    return false;
  }

  private static boolean endsWithToken(String text, int end) {
    return text.regionMatches(true, end - 5, "token", 0, 5);
  }

  private static int afterScheme(String text, int value, int to) {
    int start = value;
    if (start < to && isQuote(text.charAt(start))) {
      start++;
    }
    for (String scheme : new String[] {"basic ", "bearer ", "token ", "apikey "}) {
      if (text.regionMatches(true, start, scheme, 0, scheme.length())) {
        return Math.min(start + scheme.length(), to - 1);
      }
    }
    return value;
  }

  private static int quoteLength(String text, int at) {
    return text.charAt(at) == '\\' ? 2 : 1;
  }

  private static boolean isQuote(char c) {
    return c == '"' || c == '\'' || c == '`' || c == '\\';
  }

  /** Where the value ends; -1 if it is none that must not be seen. */
  private static int valueEnd(
      String text, int at, int to, boolean token, String label, boolean spaced) {
    char first = text.charAt(at);
    if (first == '\\' && (at + 1 >= to || !isQuote(text.charAt(at + 1)))) {
      return -1;
    }
    if (isQuote(first)) {
      int start = at + quoteLength(text, at);
      int limit = Math.min(to, start + LONGEST_QUOTED);
      int end = start;
      char quote = text.charAt(start - 1);
      while (end < limit && text.charAt(end) != quote && text.charAt(end) != '\n') {
        end++;
      }
      if (end > start && end < to && first == '\\' && text.charAt(end - 1) == '\\') {
        end--;
      }
      return isSecret(text.substring(start, end), label, token, /* certain= */ true) ? end : -1;
    }
    int end = at;
    while (end < to && end - at < LONGEST_QUOTED && isValue(text.charAt(end))) {
      end++;
    }
    while (end > at && ".!?".indexOf(text.charAt(end - 1)) >= 0 && end - at > 4) {
      end--; // the end of the sentence
    }
    if (end < to && (text.charAt(end) == '(' || text.charAt(end) == '[')) {
      return -1; // a call or an element
    }
    return isSecret(text.substring(at, end), label, token, !spaced) ? end : -1;
  }

  /**
   * @param certain whether the notation shows that this is a value, not a word of a sentence
   */
  private static boolean isSecret(String value, String label, boolean token, boolean certain) {
    if (value.length() < 4 || isReference(value)) {
      return false;
    }
    String lower = value.toLowerCase(Locale.ROOT);
    if (NOT_SECRET.contains(lower) || isSameName(lower, label)) {
      return false;
    }
    boolean digit = false;
    boolean mark = false;
    boolean letter = false;
    boolean space = false;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      digit |= isDigit(c);
      letter |= Character.isLetter(c);
      space |= c <= ' ';
      mark |= c > ' ' && c < 128 && !isWord(c) && c != '.' && c != '-' && c != ',';
    }
    if (token) {
      return value.length() >= 16 && digit && !space;
    }
    if (!digit && !letter) {
      return false; // asterisks
    }
    if (space && !digit && !mark) {
      return false; // "Password: please enter"
    }
    return certain ? !(isPath(value) && !digit) : digit || mark;
  }

  /** Whether the value is an expression: a member of an object, such as {@code config.password}. */
  private static boolean isPath(String value) {
    int dot = value.indexOf('.');
    return dot > 0 && dot < value.length() - 1 && Character.isLetter(value.charAt(dot + 1));
  }

  /** Whether the value stands for one: {@code ${NAME}}, {@code <your key>}, a mask. */
  private static boolean isReference(String value) {
    char first = value.charAt(0);
    return "${<[%*@&(".indexOf(first) >= 0
        || value.contains("${")
        || value.contains("{{")
        || value.contains("os.environ")
        || value.contains("process.env")
        || value.contains("getenv");
  }

  private static boolean isSameName(String value, String label) {
    String plain = value.replaceAll("[^a-z]", "");
    String name = label.replaceAll("[^a-z]", "");
    return !plain.isEmpty()
        && plain.length() == value.replace("_", "").length()
        && (name.endsWith(plain) || plain.endsWith(name));
  }

  private static boolean isValue(char c) {
    return c > ' ' && ";,\"'`&)(}]<>[\u3002\uFF0C\uFF1B".indexOf(c) < 0;
  }

  private static boolean isName(char c) {
    return isWord(c) || c == '-' || c == '.' || c == '$' || (c >= 128 && Character.isLetter(c));
  }

  /** Reports the password in {@code user:password@host}. */
  private int url(String text, int authority, int to) {
    int limit = Math.min(to, authority + LONGEST_AUTHORITY);
    int colon = -1;
    for (int i = authority; i < limit; i++) {
      char c = text.charAt(i);
      if (c == '@') {
        if (colon < 0 || colon + 1 == i || isReference(text.substring(colon + 1, i))) {
          return -1;
        }
        findings.found(colon + 1, i, SECRET);
        return i + 1;
      }
      if (c == ':' && colon < 0) {
        colon = i;
      } else if (c <= ' ' || c == '/' || c == '"' || c == '<' || c == '[') {
        return -1;
      }
    }
    return -1;
  }
}
