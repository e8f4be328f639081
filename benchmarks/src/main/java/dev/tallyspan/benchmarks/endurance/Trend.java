package dev.tallyspan.benchmarks.endurance;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** The straight line through samples, by least squares. */
final class Trend {

  private Trend() {}

  /** By how much the line rises from the first to the last sample. */
  static double growth(List<Report.Sample> samples, ToDoubleFunction<Report.Sample> figure) {
    double meanX = samples.stream().mapToDouble(Report.Sample::seconds).average().orElseThrow();
    double meanY = samples.stream().mapToDouble(figure).average().orElseThrow();
    double products = 0;
    double squares = 0;
    for (Report.Sample sample : samples) {
      double x = sample.seconds() - meanX;
      products += x * (figure.applyAsDouble(sample) - meanY);
      squares += x * x;
    }
    double length = samples.get(samples.size() - 1).seconds() - samples.get(0).seconds();
    return squares == 0 ? 0 : products / squares * length;
  }
}
