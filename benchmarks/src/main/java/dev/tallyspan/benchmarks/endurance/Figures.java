package dev.tallyspan.benchmarks.endurance;

import java.util.Arrays;
import java.util.Locale;

/** Figures of several rounds, as a cell of a table. */
final class Figures {

  private Figures() {}

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  static double most(double[] values) {
    return Arrays.stream(values).max().orElseThrow();
  }

  /**
   * Returns the median and the range.
   *
   * @param format of one number
   */
  static String cell(String format, double[] values) {
    return String.format(
        Locale.ROOT,
        " " + format + " (" + format + "-" + format + ") |",
        median(values),
        Arrays.stream(values).min().orElseThrow(),
        most(values));
  }
}
