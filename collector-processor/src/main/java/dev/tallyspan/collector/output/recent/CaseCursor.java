package dev.tallyspan.collector.output.recent;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The last trace of a page, in the order of lists: those that started last first. Traces that
 * arrive between two pages move none from one to the other.
 *
 * @param traceId empty before the first trace
 */
record CaseCursor(long startNanos, String traceId) {

  private static final Pattern TEXT = Pattern.compile("(-?[0-9]{1,19})-([0-9a-f]{1,64})");

  static CaseCursor at(TraceSummary trace) {
    return new CaseCursor(trace.startNanos, trace.traceId);
  }

  /**
   * @throws IllegalArgumentException if it is neither empty nor what {@link #toString} returns
   */
  static CaseCursor parse(String text) {
    if (text.isEmpty()) {
      return new CaseCursor(Long.MAX_VALUE, "");
    }
    Matcher cursor = TEXT.matcher(text);
    try {
      if (cursor.matches()) {
        return new CaseCursor(Long.parseLong(cursor.group(1)), cursor.group(2));
      }
    } catch (NumberFormatException e) {
      // Not one that a page has had.
    }
    throw new IllegalArgumentException("after: must be the next of a page");
  }

  /** Whether the trace comes after this one. */
  boolean isBefore(TraceSummary trace) {
    return trace.startNanos < startNanos
        || trace.startNanos == startNanos && trace.traceId.compareTo(traceId) > 0;
  }

  @Override
  public String toString() {
    return startNanos + "-" + traceId;
  }
}
