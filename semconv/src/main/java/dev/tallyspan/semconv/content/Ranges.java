package dev.tallyspan.semconv.content;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;

/** What was found in a text: ranges, which may overlap. */
final class Ranges implements Findings {

  private record Range(int start, int end, String kind) {}

  private final List<Range> ranges = new ArrayList<>(0);

  @Override
  public void found(int start, int end, String kind) {
    if (start < end) {
      ranges.add(new Range(start, end, kind));
    }
  }

  boolean isEmpty() {
    return ranges.isEmpty();
  }

  String replaced(String text, BinaryOperator<String> masks) {
    return replaced(text, 0, text.length(), masks);
  }

  /**
   * The part of the text with the ranges replaced. Ranges that overlap become one, with the kind of
   * the longest.
   *
   * @param masks makes the mask of a kind and a value
   */
  String replaced(String text, int from, int to, BinaryOperator<String> masks) {
    ranges.sort((a, b) -> a.start != b.start ? a.start - b.start : b.end - a.end);
    StringBuilder out = new StringBuilder(to - from + 16);
    int copied = from;
    int i = 0;
    while (i < ranges.size()) {
      Range longest = ranges.get(i);
      int start = Math.max(longest.start, from);
      int end = Math.min(longest.end, to);
      for (i++; i < ranges.size() && ranges.get(i).start < end; i++) {
        Range next = ranges.get(i);
        end = Math.max(end, Math.min(next.end, to));
        longest = next.end - next.start > longest.end - longest.start ? next : longest;
      }
      if (start < end) {
        out.append(text, copied, start)
            .append(masks.apply(longest.kind, text.substring(start, end)));
        copied = end;
      }
    }
    return out.append(text, copied, to).toString();
  }
}
