package dev.tallyspan.collector.edit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression in the syntax of Go, which the OpenTelemetry Collector's configuration uses.
 * Immutable and thread-safe.
 *
 * @see <a href="https://pkg.go.dev/regexp/syntax">Go, package syntax</a>
 */
public final class GoRegex {

  /*
   * Java's syntax differs where this class translates it: groups are named (?P<a_b>, a name may have
   * underscores, "[" and "&&" within a class are characters, classes such as [:alpha:] are allowed
   * there, "$" is the end of the text and not also the place before a last line break, and only "\n"
   * ends a line. What Java has in addition, such as look-behind, is left to Java.
   *
   * Go's engine takes linear time for any expression; Java's may not, and the texts come from
   * applications. So a match that reads far more characters than the text has is given up.
   */

  private static final Map<String, String> CLASSES =
      Map.ofEntries(
          Map.entry("alnum", "Alnum"),
          Map.entry("alpha", "Alpha"),
          Map.entry("ascii", "ASCII"),
          Map.entry("blank", "Blank"),
          Map.entry("cntrl", "Cntrl"),
          Map.entry("digit", "Digit"),
          Map.entry("graph", "Graph"),
          Map.entry("lower", "Lower"),
          Map.entry("print", "Print"),
          Map.entry("punct", "Punct"),
          Map.entry("space", "Space"),
          Map.entry("upper", "Upper"),
          Map.entry("xdigit", "XDigit"));

  /** A reference to a group, or an escaped dollar sign, in a replacement. */
  private static final Pattern REFERENCE =
      Pattern.compile("\\$(?:([A-Za-z0-9_]+)|\\{([A-Za-z0-9_]+)\\}|\\$)");

  private static final int STEPS_PER_CHARACTER = 1000;
  private static final int LEAST_STEPS = 1 << 20;

  private final String source;
  private final Pattern pattern;

  /** The name of each group; empty for a group without a name. */
  private final List<String> names;

  private GoRegex(String source, Pattern pattern, List<String> names) {
    this.source = source;
    this.pattern = pattern;
    this.names = List.copyOf(names);
  }

  /**
   * @throws IllegalArgumentException if the expression is not valid; the message says why
   */
  public static GoRegex compile(String source) {
    Translation translation = new Translation(source);
    String java = translation.translate();
    try {
      return new GoRegex(source, Pattern.compile(java, Pattern.UNIX_LINES), translation.names);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException("not a regular expression: " + e.getDescription(), e);
    }
  }

  /** The names of the groups, in their order; empty for a group without a name. */
  public List<String> names() {
    return names;
  }

  /**
   * Whether a part of the text matches.
   *
   * @throws IllegalStateException if the match takes too long
   */
  public boolean matches(String text) {
    return find(matcher(text));
  }

  /** Java's engine recurses for each repetition of a group with alternatives. */
  private static boolean find(Matcher matcher) {
    try {
      return matcher.find();
    } catch (StackOverflowError e) {
      throw new IllegalStateException("a regular expression needs too much of the stack", e);
    }
  }

  /**
   * Returns what the groups match, in their order, in the first part of the text that matches;
   * empty for a group that takes no part. Returns null if nothing matches.
   *
   * @throws IllegalStateException if the match takes too long
   */
  public @Nullable List<String> groups(String text) {
    Matcher matcher = matcher(text);
    if (!find(matcher)) {
      return null;
    }
    List<String> groups = new ArrayList<>(names.size());
    for (int i = 1; i <= names.size(); i++) {
      String group = matcher.group(i);
      groups.add(group == null ? "" : group);
    }
    return groups;
  }

  /**
   * Returns a text with all matches replaced. As in Go, an empty match right after another match is
   * none.
   *
   * @param template the replacement; {@code $1}, <code>${1}</code> and <code>${name}</code> are
   *     replaced by the text of a group, and {@code $$} by a dollar sign
   * @param function changes each replacement
   * @throws IllegalStateException if the matches take too long
   */
  String replaceAll(String text, String template, UnaryOperator<String> function) {
    Matcher matcher = matcher(text);
    StringBuilder replaced = new StringBuilder();
    int end = 0;
    boolean any = false;
    while (find(matcher)) {
      if (any && matcher.end() == end && matcher.start() == end) {
        continue;
      }
      any = true;
      replaced.append(text, end, matcher.start()).append(function.apply(expand(template, matcher)));
      end = matcher.end();
    }
    return any ? replaced.append(text, end, text.length()).toString() : text;
  }

  private String expand(String template, Matcher matcher) {
    Matcher reference = REFERENCE.matcher(template);
    StringBuilder expanded = new StringBuilder();
    int end = 0;
    while (reference.find()) {
      expanded.append(template, end, reference.start());
      end = reference.end();
      String name = reference.group(1) == null ? reference.group(2) : reference.group(1);
      expanded.append(name == null ? "$" : group(name, matcher));
    }
    return expanded.append(template, end, template.length()).toString();
  }

  /** Returns what a group matches; empty if it matches nothing or does not exist. */
  private String group(String name, Matcher matcher) {
    int group = name.matches("[0-9]{1,4}") ? Integer.parseInt(name) : names.indexOf(name) + 1;
    String match =
        group > names.size() || group == 0 && !name.matches("0+") ? null : matcher.group(group);
    return match == null ? "" : match;
  }

  private Matcher matcher(String text) {
    return pattern.matcher(new Bounded(text));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GoRegex regex && regex.source.equals(source);
  }

  @Override
  public int hashCode() {
    return source.hashCode();
  }

  @Override
  public String toString() {
    return source;
  }

  /** A text that can be read only so often. */
  private static final class Bounded implements CharSequence {
    private final String text;
    private long left;

    Bounded(String text) {
      this.text = text;
      left = Math.max(LEAST_STEPS, (long) STEPS_PER_CHARACTER * text.length());
    }

    @Override
    public char charAt(int index) {
      if (--left < 0) {
        throw new IllegalStateException("a regular expression takes too long");
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.substring(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }

  private static final class Translation {
    private final String go;
    private final StringBuilder java = new StringBuilder();
    private final List<String> names = new ArrayList<>();
    private boolean multiline;
    private int at;

    Translation(String go) {
      this.go = go;
    }

    String translate() {
      while (at < go.length()) {
        char c = go.charAt(at);
        if (c == '\\') {
          escape();
        } else if (c == '[') {
          characterClass();
        } else if (c == '(') {
          group();
        } else {
          java.append(c == '$' && !multiline ? "\\z" : String.valueOf(c));
          at++;
        }
      }
      return java.toString();
    }

    private void escape() {
      int end = at + 2;
      if (go.startsWith("\\Q", at)) {
        int quoted = go.indexOf("\\E", at);
        end = quoted < 0 ? go.length() : quoted + 2;
      }
      java.append(go, at, Math.min(end, go.length()));
      at = end;
    }

    private void group() {
      int name = go.startsWith("(?P<", at) ? 4 : 3;
      if (name == 4 || go.startsWith("(?<", at) && !isLookBehind()) {
        int end = go.indexOf('>', at);
        if (end < 0) {
          throw new IllegalArgumentException("not a regular expression: a group's name has no end");
        }
        names.add(go.substring(at + name, end));
        java.append('(');
        at = end + 1;
      } else if (go.startsWith("(?", at)) {
        flags();
      } else {
        names.add("");
        java.append('(');
        at++;
      }
    }

    private boolean isLookBehind() {
      return go.startsWith("(?<=", at) || go.startsWith("(?<!", at);
    }

    private void flags() {
      int end = at + 2;
      while (end < go.length() && (Character.isLetter(go.charAt(end)) || go.charAt(end) == '-')) {
        end++;
      }
      String flags = go.substring(at + 2, end);
      if (flags.contains("U")) {
        throw new IllegalArgumentException("the flag U is not supported: write ? after operators");
      }
      multiline |= flags.replaceFirst("-.*", "").contains("m");
      java.append(go, at, end);
      at = end;
    }

    private void characterClass() {
      java.append('[');
      at++;
      if (go.startsWith("^", at)) {
        java.append('^');
        at++;
      }
      for (boolean first = true; at < go.length(); first = false) {
        char c = go.charAt(at);
        if (c == ']' && !first) {
          java.append(c);
          at++;
          return;
        }
        if (c == '\\') {
          escape();
        } else if (go.startsWith("[:", at) && go.indexOf(":]", at) > 0) {
          namedClass();
        } else {
          java.append("[]&".indexOf(c) >= 0 ? "\\" + c : String.valueOf(c));
          at++;
        }
      }
    }

    private void namedClass() {
      int end = go.indexOf(":]", at);
      String name = go.substring(at + 2, end);
      boolean not = name.startsWith("^");
      String bare = not ? name.substring(1) : name;
      String known = CLASSES.get(bare);
      if (bare.equals("word")) {
        java.append(not ? "\\W" : "\\w");
      } else if (known != null) {
        java.append(not ? "\\P{" : "\\p{").append(known).append('}');
      } else {
        throw new IllegalArgumentException("not a regular expression: no class is named " + bare);
      }
      at = end + 2;
    }
  }
}
