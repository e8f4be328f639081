package dev.tallyspan.benchmarks.endurance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What a run says: lines that pass or fail, samples in a table and in a CSV file. */
final class Report {

  /**
   * @param seconds since the start of the load
   */
  record Sample(double seconds, ServerProcess.Use use, long accepted, long delivered) {}

  private final List<Sample> samples = new ArrayList<>();
  private boolean failed;

  void add(Sample sample) {
    samples.add(sample);
  }

  List<Sample> samples() {
    return samples;
  }

  boolean failed() {
    return failed;
  }

  /** Prints an assertion. */
  void check(boolean passed, String format, Object... values) {
    failed |= !passed;
    System.out.printf(
        Locale.ROOT,
        "%s  %s%n",
        passed ? "pass" : "FAIL",
        String.format(Locale.ROOT, format, values));
  }

  /** Prints at most about 20 of the samples. */
  void print() {
    System.out.println("| s | RSS MiB | heap MiB | threads | descriptors | accepted | delivered |");
    System.out.println("|---|---|---|---|---|---|---|");
    int step = (samples.size() + 19) / 20;
    for (int i = 0; i < samples.size(); i += step) {
      Sample sample = samples.get(i);
      System.out.printf(
          Locale.ROOT,
          "| %.0f | %.0f | %.0f | %d | %d | %d | %d |%n",
          sample.seconds,
          sample.use.rss(),
          sample.use.heap(),
          sample.use.threads(),
          sample.use.descriptors(),
          sample.accepted,
          sample.delivered);
    }
  }

  void write(Path csv) throws IOException {
    StringBuilder lines =
        new StringBuilder("seconds,rss_mib,heap_mib,threads,descriptors,accepted,delivered\n");
    for (Sample sample : samples) {
      lines.append(
          String.format(
              Locale.ROOT,
              "%.1f,%.1f,%.1f,%d,%d,%d,%d%n",
              sample.seconds,
              sample.use.rss(),
              sample.use.heap(),
              sample.use.threads(),
              sample.use.descriptors(),
              sample.accepted,
              sample.delivered));
    }
    Files.createDirectories(csv.toAbsolutePath().getParent());
    Files.writeString(csv, lines);
    System.out.println("      samples: " + csv);
  }

  /** Arguments of the form {@code name=value}, of which every name has a default. */
  static Map<String, String> arguments(String[] arguments, Map<String, String> defaults) {
    Map<String, String> values = new TreeMap<>(defaults);
    for (String argument : arguments) {
      String[] pair = argument.split("=", 2);
      if (pair.length != 2 || values.replace(pair[0], pair[1]) == null) {
        System.err.println(argument + ": must be one of " + defaults);
        System.exit(2);
      }
    }
    return values;
  }
}
