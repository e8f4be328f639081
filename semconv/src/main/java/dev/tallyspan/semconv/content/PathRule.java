package dev.tallyspan.semconv.content;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * What happens to the values at a path, whatever the detectors say: {@code
 * gen_ai.input.messages[*].parts[*].arguments.ssn: mask}.
 *
 * <p>A path starts with an attribute key and goes on into its value: {@code .name} is a member,
 * {@code [*]} each element, {@code [0]} one element. JSON text inside of texts is entered as well.
 * {@code *} stands for one segment, {@code **} for any number of segments. In keys with numbers, as
 * in {@code llm.input_messages.0.message.content}, {@code [*]} and {@code *} stand for the number.
 *
 * <p>A rule applies to the value and to everything in it. If several rules match, the one with the
 * deepest match applies; of several at the same value, the one that was given first.
 */
public final class PathRule {

  /** What a rule does. */
  public enum Action {
    /** Replaces each text and number by {@code [MASKED]}. */
    MASK,
    /** Removes the attribute, member or element. */
    DROP,
    /** Keeps the value as it is, in every mode; budgets still apply. */
    KEEP;

    /** {@return the name in configuration} */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static final String ANY = "*";
  static final String ANY_DEPTH = "**";
  static final String ANY_ELEMENT = "[*]";

  private final String path;
  private final Action action;
  private final List<String> segments;

  private PathRule(String path, Action action, List<String> segments) {
    this.path = path;
    this.action = action;
    this.segments = List.copyOf(segments);
  }

  /**
   * {@return a new rule}
   *
   * @param path an attribute key, and where in its value, as described above
   * @param action what happens to the values there
   * @throws IllegalArgumentException if the path is empty or not complete, or if it drops one
   *     element by its index, which would give the others another index
   */
  public static PathRule of(String path, Action action) {
    Objects.requireNonNull(action, "action");
    List<String> segments = new ArrayList<>();
    int at = 0;
    while (at < path.length()) {
      if (path.charAt(at) == '[') {
        int end = path.indexOf(']', at);
        if (end < 0 || !isIndex(path.substring(at + 1, end))) {
          throw new IllegalArgumentException("path=" + path + ": use [*] or [0] for elements");
        }
        segments.add(path.substring(at, end + 1));
        at = end + 1;
      } else {
        at += path.charAt(at) == '.' && at > 0 ? 1 : 0;
        int end = at;
        while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
          end++;
        }
        if (end == at) {
          throw new IllegalArgumentException("path=" + path + " has an empty segment");
        }
        segments.add(path.substring(at, end));
        at = end;
      }
    }
    if (segments.isEmpty()) {
      throw new IllegalArgumentException("path= is empty; name an attribute");
    }
    if (action == Action.DROP && endsWithIndex(segments)) {
      throw new IllegalArgumentException(
          "path=" + path + ": drop would move the elements after it; use mask, or [*]");
    }
    return new PathRule(path, action, segments);
  }

  private static boolean endsWithIndex(List<String> segments) {
    int last = segments.size() - 1;
    while (last > 0 && segments.get(last).equals(ANY_DEPTH)) {
      last--;
    }
    String segment = segments.get(last);
    return segment.charAt(0) == '[' && !segment.equals(ANY_ELEMENT);
  }

  private static boolean isIndex(String text) {
    return text.equals("*")
        || (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9'));
  }

  /** {@return the path as it was given} */
  public String path() {
    return path;
  }

  /** {@return what the rule does} */
  public Action action() {
    return action;
  }

  List<String> segments() {
    return segments;
  }

  /** Whether the segment at {@code index} stands for this member, element or part of a key. */
  boolean matches(int index, String segment) {
    String own = segments.get(index);
    if (own.equals(segment) || own.equals(ANY) || own.equals(ANY_DEPTH)) {
      return true;
    }
    if (own.charAt(0) != '[') {
      return false;
    }
    boolean isElement = segment.charAt(0) == '[';
    String number = isElement ? segment.substring(1, segment.length() - 1) : segment;
    if (own.equals(ANY_ELEMENT)) {
      return isElement || isIndex(number);
    }
    return own.equals("[" + number + "]");
  }

  @Override
  public String toString() {
    return path + ": " + action.wireName();
  }
}
