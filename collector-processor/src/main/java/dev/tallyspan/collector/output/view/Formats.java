package dev.tallyspan.collector.output.view;

import java.math.BigDecimal;
import java.util.Locale;

/** Short formats of durations, counts and percentages. */
final class Formats {

  static String duration(long nanos, Glyphs glyphs) {
    if (nanos < 1_000_000) {
      return nanos / 1_000 + " " + glyphs.micro();
    }
    if (nanos < 1_000_000_000L) {
      return nanos / 1_000_000 + " ms";
    }
    long seconds = nanos / 1_000_000_000L;
    if (seconds < 60) {
      return String.format(Locale.ROOT, "%.2f s", Math.floor(nanos / 1e7) / 100);
    }
    return seconds < 3_600
        ? String.format(Locale.ROOT, "%dm %02ds", seconds / 60, seconds % 60)
        : String.format(Locale.ROOT, "%dh %02dm", seconds / 3_600, seconds / 60 % 60);
  }

  static String count(long count) {
    return count < 1_000 ? Long.toString(count) : String.format(Locale.ROOT, "%,d", count);
  }

  /**
   * Returns a count in at most seven columns, in millions or billions if necessary; empty for 0.
   */
  static String compact(long count) {
    if (count < 1_000_000) {
      return count == 0 ? "" : count(count);
    }
    double scaled = count < 1_000_000_000 ? count / 1e6 : count / 1e9;
    String digits = String.format(Locale.ROOT, scaled < 10 ? "%.2f" : "%.1f", scaled);
    return digits + (count < 1_000_000_000 ? "M" : "G");
  }

  /** Returns {@code part} of a positive {@code whole}; a positive part is never shown as 0%. */
  static String percent(BigDecimal part, BigDecimal whole) {
    double percent = 100 * part.doubleValue() / whole.doubleValue();
    return percent > 0 && percent < 1 ? "<1%" : Math.round(percent) + "%";
  }

  /** Returns "1 span", "2 spans". */
  static String plural(long count, String noun) {
    return count(count) + " " + noun + (count == 1 ? "" : "s");
  }

  private Formats() {}
}
