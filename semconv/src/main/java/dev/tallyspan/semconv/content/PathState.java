package dev.tallyspan.semconv.content;

import dev.tallyspan.semconv.content.PathRule.Action;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where in the rules a value is, while values are walked: which rules may still match deeper, and
 * which one applies here. Immutable.
 */
final class PathState {

  /** No rule applies here or deeper. */
  static final PathState NO_RULES = new PathState(List.of(), null);

  /** A rule, and how many of its segments have matched. */
  private record Position(PathRule rule, int matched) {}

  private final List<Position> open;
  private final @Nullable Action action;

  private PathState(List<Position> open, @Nullable Action action) {
    this.open = open;
    this.action = action;
  }

  /** The state at the attribute with this key. */
  static PathState at(List<PathRule> rules, String key) {
    if (rules.isEmpty()) {
      return NO_RULES;
    }
    List<Position> start = new ArrayList<>(rules.size());
    for (PathRule rule : rules) {
      add(start, rule, 0);
    }
    return new PathState(start, null).member(key);
  }

  /** Adds the position, and the one after it if its segment may stand for nothing. */
  private static void add(List<Position> to, PathRule rule, int matched) {
    Position position = new Position(rule, matched);
    if (!to.contains(position)) {
      to.add(position);
      if (matched < rule.segments().size()
          && rule.segments().get(matched).equals(PathRule.ANY_DEPTH)) {
        add(to, rule, matched + 1);
      }
    }
  }

  /** What the deepest rule says; null if none matched. */
  @Nullable Action action() {
    return action;
  }

  boolean is(Action what) {
    return action == what;
  }

  /** Whether no other rule can match deeper. */
  boolean isSettled() {
    return open.isEmpty();
  }

  PathState member(String name) {
    if (open.isEmpty() || name.isEmpty()) {
      return this;
    }
    PathState state = this;
    int at = 0;
    for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', at)) {
      state = dot > at ? state.step(name.substring(at, dot)) : state;
      at = dot + 1;
    }
    return at < name.length() ? state.step(name.substring(at)) : state;
  }

  PathState element(int index) {
    return open.isEmpty() ? this : step("[" + index + "]");
  }

  private PathState step(String segment) {
    List<Position> next = new ArrayList<>();
    Action matched = null;
    for (Position position : open) {
      PathRule rule = position.rule;
      int size = rule.segments().size();
      if (position.matched == size || !rule.matches(position.matched, segment)) {
        continue;
      }
      boolean repeats = rule.segments().get(position.matched).equals(PathRule.ANY_DEPTH);
      int before = next.size();
      add(next, rule, repeats ? position.matched : position.matched + 1);
      for (int i = before; i < next.size(); i++) {
        if (next.get(i).matched == size && matched == null) {
          matched = rule.action();
        }
      }
    }
    next.removeIf(position -> position.matched == position.rule.segments().size());
    return new PathState(next, matched == null ? action : matched);
  }
}
