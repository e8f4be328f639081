package dev.tallyspan.pricing;

import java.time.DayOfWeek;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The condition under which a rate card or an adjustment applies. All of its terms must hold.
 *
 * <p>A term for a dimension lists values, one of which must match: {@code flex}, {@code us-gov-*},
 * or {@code !global} for "stated, and not global". The term for the size of the prompt is a range
 * of tokens, the term for time a list of windows.
 */
final class Condition {
  static final Condition ALWAYS =
      new Condition(new EnumMap<>(Dimension.class), 0, Long.MAX_VALUE, List.of());

  private final Dimension[] dimensions;
  private final String[][] values;
  private final long minTokens;
  private final long maxTokens;
  private final TimeWindow[] windows;
  private final int terms;
  private final String text;

  /**
   * @param minTokens of the whole prompt, inclusive; 0 = no limit
   * @param maxTokens of the whole prompt, inclusive; {@link Long#MAX_VALUE} = no limit
   * @param windows of which one must be open; empty = any time
   */
  Condition(
      Map<Dimension, List<String>> terms,
      long minTokens,
      long maxTokens,
      List<TimeWindow> windows) {
    this.dimensions = terms.keySet().toArray(new Dimension[0]);
    this.values =
        terms.values().stream().map(v -> v.toArray(new String[0])).toArray(String[][]::new);
    this.minTokens = minTokens;
    this.maxTokens = maxTokens;
    this.windows = windows.toArray(new TimeWindow[0]);
    this.terms = terms.size() + (sized() ? 1 : 0) + (this.windows.length == 0 ? 0 : 1);
    this.text = describe();
  }

  /** The number of terms: how specific the condition is. */
  int terms() {
    return terms;
  }

  /**
   * Whether a call satisfies every term.
   *
   * @param geo from the model's name (a Bedrock prefix), the host or the request; null if unknown
   * @param region from the model's name (an ARN) or the request; null if unknown
   */
  boolean matches(PriceRequest call, @Nullable String geo, @Nullable String region) {
    for (int i = 0; i < dimensions.length; i++) {
      String value =
          switch (dimensions[i]) {
            case GEO -> geo;
            case REGION -> region;
            default -> call.when(dimensions[i]);
          };
      if (!matches(values[i], value)) {
        return false;
      }
    }
    return (!sized() || holds(call.usage().inputTokens()))
        && (windows.length == 0 || isOpen(call.second()));
  }

  /** Passes a value that satisfies the condition, for each dimension. */
  void example(BiConsumer<Dimension, String> values) {
    for (int i = 0; i < dimensions.length; i++) {
      String value = this.values[i][0];
      boolean negated = value.charAt(0) == '!';
      values.accept(
          dimensions[i], negated ? "not-" + value.substring(1) : value.replaceFirst("\\*$", "x"));
    }
  }

  /** A size of prompt, in tokens, that satisfies the condition; at least 1. */
  long exampleTokens() {
    return Math.max(minTokens, Math.min(1000, maxTokens));
  }

  boolean hasWindows() {
    return windows.length > 0;
  }

  /** Whether the condition has a term of that dimension. */
  boolean names(Dimension dimension) {
    for (Dimension own : dimensions) {
      if (own == dimension) {
        return true;
      }
    }
    return false;
  }

  /** Whether some call could satisfy both; true if unknown. */
  boolean overlaps(Condition other) {
    if (minTokens > other.maxTokens || other.minTokens > maxTokens) {
      return false;
    }
    for (int i = 0; i < dimensions.length; i++) {
      String[] others = other.valuesOf(dimensions[i]);
      if (others != null && disjoint(values[i], others)) {
        return false;
      }
    }
    return windows.length == 0 || other.windows.length == 0 || windowsMeet(other.windows);
  }

  /** Whether every call that satisfies both {@code a} and {@code b} satisfies this too. */
  boolean coversBoth(Condition a, Condition b) {
    for (int i = 0; i < dimensions.length; i++) {
      if (!within(a.valuesOf(dimensions[i]), values[i])
          && !within(b.valuesOf(dimensions[i]), values[i])) {
        return false;
      }
    }
    return minTokens <= Math.max(a.minTokens, b.minTokens)
        && maxTokens >= Math.min(a.maxTokens, b.maxTokens)
        && (windows.length == 0
            || Arrays.equals(windows, a.windows)
            || Arrays.equals(windows, b.windows));
  }

  private boolean sized() {
    return minTokens > 0 || maxTokens < Long.MAX_VALUE;
  }

  private boolean holds(long inputTokens) {
    return inputTokens >= minTokens && inputTokens <= maxTokens;
  }

  private boolean isOpen(long second) {
    for (TimeWindow window : windows) {
      if (window.contains(second)) {
        return true;
      }
    }
    return false;
  }

  private String @Nullable [] valuesOf(Dimension dimension) {
    for (int i = 0; i < dimensions.length; i++) {
      if (dimensions[i] == dimension) {
        return values[i];
      }
    }
    return null;
  }

  private boolean windowsMeet(TimeWindow[] others) {
    for (TimeWindow mine : windows) {
      for (TimeWindow other : others) {
        if (!mine.zone().equals(other.zone())
            || mine.startSecond() < other.endSecond()
                && other.startSecond() < mine.endSecond()
                && mine.days().stream().anyMatch(other.days()::contains)) {
          return true;
        }
      }
    }
    return false;
  }

  static boolean matches(String[] patterns, @Nullable String value) {
    if (value == null) {
      return false;
    }
    for (String pattern : patterns) {
      if (matches(pattern, value)) {
        return true;
      }
    }
    return false;
  }

  private static boolean matches(String pattern, String value) {
    if (pattern.charAt(0) == '!') {
      return !pattern.regionMatches(1, value, 0, Math.max(value.length(), pattern.length() - 1));
    }
    int last = pattern.length() - 1;
    return pattern.charAt(last) == '*'
        ? value.regionMatches(0, pattern, 0, last)
        : pattern.equals(value);
  }

  private static boolean disjoint(String[] some, String[] others) {
    for (String value : some) {
      for (String other : others) {
        boolean open = !isPlain(value) && !isPlain(other);
        if (open || (isPlain(value) ? matches(other, value) : matches(value, other))) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean isPlain(String pattern) {
    return pattern.charAt(0) != '!' && !pattern.endsWith("*");
  }

  private static boolean within(String @Nullable [] inner, String[] outer) {
    if (inner == null) {
      return false;
    }
    for (String value : inner) {
      boolean found = false;
      for (String pattern : outer) {
        found |= value.equals(pattern) || isPlain(value) && matches(pattern, value);
      }
      if (!found) {
        return false;
      }
    }
    return true;
  }

  private String describe() {
    StringJoiner joined = new StringJoiner(",");
    for (int i = 0; i < dimensions.length; i++) {
      joined.add(dimensions[i].wireName() + "=" + String.join("|", values[i]));
    }
    if (minTokens > 0) {
      joined.add("input_tokens>=" + minTokens);
    }
    if (maxTokens < Long.MAX_VALUE) {
      joined.add("input_tokens<=" + maxTokens);
    }
    if (windows.length > 0) {
      joined.add("time=" + describeWindows());
    }
    return joined.toString();
  }

  private String describeWindows() {
    List<String> parts = new ArrayList<>();
    for (TimeWindow window : windows) {
      StringBuilder part = new StringBuilder();
      if (window.days().size() < 7) {
        for (DayOfWeek day : window.days()) {
          part.append(day.name().substring(0, 2).toLowerCase(Locale.ROOT));
        }
        part.append('/');
      }
      part.append(clock(window.startSecond())).append('-').append(clock(window.endSecond()));
      parts.add(part.append('@').append(window.zone()).toString());
    }
    return String.join("|", parts);
  }

  private static String clock(int second) {
    return "%02d:%02d".formatted(second / 3600, second / 60 % 60);
  }

  /** Empty if there are no terms. */
  @Override
  public String toString() {
    return text;
  }
}
