package dev.tallyspan.collector.output.recent;

import java.util.Locale;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the syntax of a filter: conditions with a blank or {@code and} between them, of which all
 * must hold; {@code or} between those; {@code not}, or {@code -} directly before a condition;
 * parentheses; and quotation marks, which hold a text together. A comparison may have blanks around
 * its operator. What a condition means, its {@link Terms} know.
 */
final class FilterSyntax {

  /** The conditions that a filter is made of. */
  interface Terms {

    /**
     * @param quoted whether it was in quotation marks, so that it is a text and no keyword
     */
    Predicate<TraceSummary> text(String text, boolean quoted);

    /** {@code field:value}. */
    Predicate<TraceSummary> field(String field, String value);

    /** Whether the field is a number, which is compared, and may have a name after a colon. */
    boolean isNumber(String field);

    /**
     * {@code field<value}, or {@code field:name<value}.
     *
     * @param name empty if there is none
     */
    Predicate<TraceSummary> number(String field, String name, String comparison, String value);
  }

  private static final Pattern FIELD = Pattern.compile("[a-z_]+");
  private static final Pattern COMPARISON = Pattern.compile("\\s*(>=|<=|>|<)\\s*");

  /** After a field with a name. Elsewhere, a text may contain the sign. */
  private static final Pattern COMPARISON_OR_EQUALS = Pattern.compile("\\s*(>=|<=|>|<|=)\\s*");

  private static final Pattern NAME = Pattern.compile("\"[^\"]*\"?|[^\\s<>=()]*");

  /** A filter is a line that a person types. Deeper ones would end in a stack overflow. */
  private static final int MAX_DEPTH = 50;

  private final String text;
  private final Terms terms;
  private int at;
  private int depth;

  private FilterSyntax(String text, Terms terms) {
    this.text = text;
    this.terms = terms;
  }

  /**
   * @throws IllegalArgumentException if it cannot be read; the message says where and why
   */
  static Predicate<TraceSummary> parse(String text, Terms terms) {
    FilterSyntax syntax = new FilterSyntax(text, terms);
    syntax.blanks();
    if (syntax.at == text.length()) {
      return trace -> true;
    }
    Predicate<TraceSummary> condition = syntax.alternatives();
    if (syntax.at < text.length()) {
      throw new IllegalArgumentException(
          "the ) at character " + (syntax.at + 1) + " closes nothing");
    }
    return condition;
  }

  private Predicate<TraceSummary> alternatives() {
    Predicate<TraceSummary> any = conditions("the beginning");
    while (keyword("or")) {
      any = any.or(conditions("or"));
    }
    return any;
  }

  private Predicate<TraceSummary> conditions(String after) {
    blanks();
    Predicate<TraceSummary> all = condition(after);
    blanks();
    while (at < text.length() && text.charAt(at) != ')' && !isKeyword("or")) {
      all = all.and(condition(keyword("and") ? "and" : ""));
      blanks();
    }
    return all;
  }

  private Predicate<TraceSummary> condition(String after) {
    blanks();
    if (at == text.length() || text.charAt(at) == ')' || isKeyword("or") || isKeyword("and")) {
      throw new IllegalArgumentException(
          "a condition is expected after "
              + after
              + ", at character "
              + (at + 1)
              + "; as a text, a word such as or needs quotation marks");
    }
    if (keyword("not")) {
      return nested(() -> condition("not")).negate();
    }
    boolean without = text.charAt(at) == '-' && !isBlank(at + 1);
    if (without) {
      at++;
    }
    Predicate<TraceSummary> one = text.charAt(at) == '(' ? group() : term();
    return without ? one.negate() : one;
  }

  private Predicate<TraceSummary> group() {
    int start = at++;
    Predicate<TraceSummary> inner = nested(this::alternatives);
    if (at == text.length()) {
      throw new IllegalArgumentException("the ( at character " + (start + 1) + " is not closed");
    }
    at++;
    return inner;
  }

  private Predicate<TraceSummary> nested(Supplier<Predicate<TraceSummary>> read) {
    if (++depth > MAX_DEPTH) {
      throw new IllegalArgumentException(
          "more than " + MAX_DEPTH + " conditions within each other");
    }
    Predicate<TraceSummary> inner = read.get();
    depth--;
    return inner;
  }

  private Predicate<TraceSummary> term() {
    Matcher field = FIELD.matcher(text).region(at, text.length());
    if (!field.lookingAt()) {
      boolean quoted = text.charAt(at) == '"';
      return terms.text(value(), quoted);
    }
    String name = field.group();
    int start = at;
    at = field.end();
    if (at < text.length() && text.charAt(at) == ':') {
      at++;
      if (!terms.isNumber(name)) {
        return terms.field(name, value());
      }
      String part = unquoted(matched(NAME));
      String comparison = matched(COMPARISON_OR_EQUALS).strip();
      return comparison.isEmpty()
          ? terms.field(name, part)
          : terms.number(name, part, comparison, value());
    }
    String comparison = matched(COMPARISON).strip();
    if (!comparison.isEmpty()) {
      return terms.number(name, "", comparison, value());
    }
    at = start;
    return terms.text(value(), /* quoted= */ false);
  }

  private String matched(Pattern pattern) {
    Matcher matcher = pattern.matcher(text).region(at, text.length());
    if (!matcher.lookingAt()) {
      return "";
    }
    at = matcher.end();
    return matcher.group();
  }

  /** Reads a text in quotation marks, or up to a blank or a parenthesis that opened before it. */
  private String value() {
    int start = at;
    if (at < text.length() && text.charAt(at) == '"') {
      int end = text.indexOf('"', at + 1);
      at = end < 0 ? text.length() : end + 1;
      return unquoted(text.substring(start, at));
    }
    int open = 0;
    while (!isBlank(at)) {
      char next = text.charAt(at);
      if (next == ')' && --open < 0) {
        break;
      }
      open += next == '(' ? 1 : 0;
      at++;
    }
    return text.substring(start, at);
  }

  private static String unquoted(String text) {
    if (!text.startsWith("\"")) {
      return text;
    }
    boolean closed = text.length() > 1 && text.endsWith("\"");
    return text.substring(1, text.length() - (closed ? 1 : 0));
  }

  private boolean keyword(String word) {
    if (!isKeyword(word)) {
      return false;
    }
    at += word.length();
    return true;
  }

  private boolean isKeyword(String word) {
    int end = at + word.length();
    return end <= text.length()
        && text.substring(at, end).toLowerCase(Locale.ROOT).equals(word)
        && (isBlank(end) || text.charAt(end) == '(' || text.charAt(end) == ')');
  }

  private void blanks() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  /** Whether a blank is there, or the end. */
  private boolean isBlank(int index) {
    return index >= text.length() || Character.isWhitespace(text.charAt(index));
  }
}
