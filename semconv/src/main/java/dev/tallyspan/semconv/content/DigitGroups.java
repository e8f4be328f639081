package dev.tallyspan.semconv.content;

import static dev.tallyspan.semconv.content.CharClass.isDigit;
import static dev.tallyspan.semconv.content.CharClass.isWord;

/** A number as it is written: groups of digits with separators between them. Reused. */
final class DigitGroups {

  private static final int MOST = 8;

  /** Longer runs of digits are none of the numbers that people have. */
  private static final int LONGEST = 24;

  /** The number of separators that may be between two groups. */
  static final int LONGEST_GAP = 3;

  private final int[] starts = new int[MOST];
  private final int[] ends = new int[MOST];
  private String text = "";
  private int to;
  private int count;

  /** Reads the groups that start at a digit; at least one. */
  void read(String source, int at, int limit) {
    text = source;
    to = limit;
    count = 0;
    int next = at;
    while (count < MOST && next < to && isDigit(text.charAt(next))) {
      int end = next;
      while (end < to && isDigit(text.charAt(end)) && end - next <= LONGEST) {
        end++;
      }
      starts[count] = next;
      ends[count++] = end;
      next = end;
      while (next < to && next - end < LONGEST_GAP && isSeparator(text.charAt(next))) {
        next++;
      }
      if (next == end || next == to) {
        return;
      }
    }
  }

  static boolean isSeparator(char c) {
    return switch (c) {
      case ' ', '-', '.', '/', '(', ')', '\u00A0', '\u202F', '\u2011' -> true;
      default -> false;
    };
  }

  int count() {
    return count;
  }

  int start(int group) {
    return starts[group];
  }

  int end(int group) {
    return ends[group];
  }

  /** The number of digits of the group. */
  int length(int group) {
    return ends[group] - starts[group];
  }

  /** The number of digits up to the end of the group. */
  int digits(int last) {
    int digits = 0;
    for (int i = 0; i <= last; i++) {
      digits += length(i);
    }
    return digits;
  }

  /** The first character between the group and the next. */
  char separator(int group) {
    return text.charAt(ends[group]);
  }

  /** What is between the group and the next. */
  String between(int group) {
    return text.substring(ends[group], starts[group + 1]);
  }

  /** Whether single characters, all the same, are between the groups up to this one. */
  boolean sameSeparators(int last) {
    for (int i = 0; i < last; i++) {
      if (starts[i + 1] - ends[i] != 1 || separator(i) != separator(0)) {
        return false;
      }
    }
    return true;
  }

  /** Whether the first groups have these lengths. */
  boolean has(int... lengths) {
    if (count < lengths.length) {
      return false;
    }
    for (int i = 0; i < lengths.length; i++) {
      if (length(i) != lengths[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether the number can end with this group: no letter follows, no decimals, and no time of day.
   */
  boolean isWhole(int last) {
    int end = ends[last];
    if (end >= to) {
      return true;
    }
    char next = text.charAt(end);
    if (isWord(next)) {
      return false;
    }
    boolean digitFollows = end + 1 < to && isDigit(text.charAt(end + 1));
    return !digitFollows || (next != ':' && next != ',' && (next != '.' || last > 0));
  }

  /** The digits of the groups up to this one. */
  CharSequence number(int last) {
    if (last == 0) {
      return text.substring(starts[0], ends[0]);
    }
    StringBuilder number = new StringBuilder(20);
    for (int i = 0; i <= last; i++) {
      number.append(text, starts[i], ends[i]);
    }
    return number;
  }
}
