package dev.tallyspan.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs {@link WireBenchmark} in rounds, each of which has every variant once, and prints for each
 * load the median CPU time and allocation per span and the median of each round's ratios. On a
 * machine that others use too, a slow minute then hits all variants rather than one.
 */
public final class InterleavedRun {

  private static final List<String> VARIANTS =
      List.of("copy", "scan", "splice", "spliceAndCopy", "protobufJava");

  private InterleavedRun() {}

  /**
   * Takes the number of rounds, 5 if there is none, and the loads to run, all if there are none.
   */
  public static void main(String[] args) throws RunnerException {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 5;
    System.out.printf(
        "JDK %s (%s), %d processors, %d rounds%n",
        Runtime.version(),
        System.getProperty("java.vendor"),
        Runtime.getRuntime().availableProcessors(),
        rounds);
    List<TraceLoad> loads =
        args.length > 1
            ? Arrays.stream(args).skip(1).map(TraceLoad::valueOf).toList()
            : List.of(TraceLoad.values());
    for (TraceLoad load : loads) {
      Map<String, List<Double>> times = new LinkedHashMap<>();
      Map<String, List<Double>> allocations = new LinkedHashMap<>();
      for (int i = 0; i < rounds; i++) {
        for (String variant : VARIANTS) {
          RunResult result = run(load, variant);
          times
              .computeIfAbsent(variant, v -> new ArrayList<>())
              .add(result.getSecondaryResults().get(CpuTimeProfiler.LABEL).getScore());
          allocations
              .computeIfAbsent(variant, v -> new ArrayList<>())
              .add(result.getSecondaryResults().get("gc.alloc.rate.norm").getScore());
        }
      }
      print(load, times, allocations);
    }
  }

  private static RunResult run(TraceLoad load, String variant) throws RunnerException {
    return new Runner(
            new OptionsBuilder()
                .include(WireBenchmark.class.getName() + "\\." + variant + "$")
                .param("load", load.name())
                .addProfiler(GCProfiler.class)
                .addProfiler(CpuTimeProfiler.class)
                .verbosity(VerboseMode.SILENT)
                .build())
        .runSingle();
  }

  private static void print(
      TraceLoad load, Map<String, List<Double>> times, Map<String, List<Double>> allocations) {
    System.out.printf("%n%s: bytes per span %.0f%n", load, bytesPerSpan(load));
    System.out.println(
        "| variant | CPU ns/span (min-max) | B/span allocated | protobuf-java / it | it / copy |");
    System.out.println("|---|---|---|---|---|");
    for (String variant : VARIANTS) {
      List<Double> time = times.get(variant);
      System.out.printf(
          Locale.ROOT,
          "| %s | %.1f (%.1f-%.1f) | %.1f | %.1f | %.2f |%n",
          variant,
          median(time),
          time.stream().min(Double::compare).orElseThrow(),
          time.stream().max(Double::compare).orElseThrow(),
          median(allocations.get(variant)),
          median(ratios(times.get("protobufJava"), time)),
          median(ratios(time, times.get("copy"))));
    }
  }

  private static double bytesPerSpan(TraceLoad load) {
    return load.requests(8, /* seed= */ 42).stream()
            .mapToInt(request -> request.getSerializedSize())
            .average()
            .orElseThrow()
        / TraceLoad.SPANS_PER_REQUEST;
  }

  private static List<Double> ratios(List<Double> a, List<Double> b) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < a.size(); i++) {
      ratios.add(a.get(i) / b.get(i));
    }
    return ratios;
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1
        ? sorted[middle]
        : Arrays.stream(sorted, middle - 1, middle + 1).average().orElseThrow();
  }
}
