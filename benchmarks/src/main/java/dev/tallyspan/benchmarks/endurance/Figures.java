package dev.tallyspan.benchmarks.endurance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

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

  /** One figure of each round. */
  static <T> double[] values(List<T> rounds, ToDoubleFunction<T> figure) {
    return rounds.stream().mapToDouble(figure).toArray();
  }

  /** The figure of each round, divided by that of the same round of another peer. */
  static <T> double[] ratios(List<T> rounds, List<T> others, ToDoubleFunction<T> figure) {
    double[] ratios = values(rounds, figure);
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] /= figure.applyAsDouble(others.get(i));
    }
    return ratios;
  }

  /** That of the last minute. Linux only. */
  static String loadAverage() throws IOException {
    return Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
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
