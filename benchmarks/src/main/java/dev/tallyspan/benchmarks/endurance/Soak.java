package dev.tallyspan.benchmarks.endurance;

import dev.tallyspan.benchmarks.Directories;
import dev.tallyspan.benchmarks.NumberedRequests;
import dev.tallyspan.benchmarks.TraceLoad;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A server at half of the rate at which it is saturated: nothing is refused, everything is
 * delivered exactly once, and its memory, threads and descriptors do not grow.
 *
 * <p>One server has a pipeline with a durable queue, whose exporter is gRPC with gzip, and a direct
 * one, whose exporter is HTTP without compression. Each pipeline has four senders: HTTP and gRPC,
 * with and without gzip. Senders and backend are in this JVM. A second, shorter run has Netty
 * report every buffer that is not released, which costs too much for the first one.
 */
public final class Soak {

  private static final Duration DELIVERY = Duration.ofSeconds(60);

  private static final String YAML =
      """
      receivers:
        otlp/durable:
          protocols: {grpc: {endpoint: "127.0.0.1:%d"}, http: {endpoint: "127.0.0.1:%d"}}
        otlp/direct:
          protocols: {grpc: {endpoint: "127.0.0.1:%d"}, http: {endpoint: "127.0.0.1:%d"}}
      processors:
        tallyspan: {}
      exporters:
        otlp_grpc: {endpoint: "http://127.0.0.1:%d", compression: gzip}
        otlp_http: {endpoint: "http://127.0.0.1:%d", compression: none}
      storage: {directory: '%s'}
      service:
        pipelines:
          traces/durable:
            {receivers: [otlp/durable], processors: [tallyspan], exporters: [otlp_grpc], queue: durable}
          traces/direct:
            {receivers: [otlp/direct], processors: [tallyspan], exporters: [otlp_http], queue: direct}
        telemetry: {metrics: {level: none}}
      """;

  private final Map<String, String> settings;
  private final NumberedRequests requests;
  private boolean failed;

  private Soak(Map<String, String> settings) throws Exception {
    this.settings = settings;
    requests =
        new NumberedRequests(
            List.of(TraceLoad.MIX, TraceLoad.NONE, TraceLoad.LLM, TraceLoad.MIX, TraceLoad.NONE),
            integer("spans"));
  }

  /** Ends with exit code 1 if anything that is asserted does not hold. */
  public static void main(String[] arguments) throws Exception {
    Map<String, String> settings =
        Report.arguments(
            arguments,
            Map.of(
                "minutes", "30",
                "paranoid", "3",
                "ramp", "20",
                "spans", "32",
                "heap", "256m",
                "sample", "10",
                "growth", "24",
                "jar", "collector-processor/target/tallyspan.jar",
                "directory", "benchmarks/target"));
    System.out.printf(
        "soak: JDK %s, %d processors; %s%n",
        Runtime.version(), Runtime.getRuntime().availableProcessors(), settings);
    Soak soak = new Soak(settings);
    double minutes = Double.parseDouble(settings.get("minutes"));
    if (minutes > 0) {
      soak.run(minutes, /* paranoid= */ false);
    }
    double paranoid = Double.parseDouble(settings.get("paranoid"));
    if (paranoid > 0) {
      soak.run(paranoid, /* paranoid= */ true);
    }
    System.out.println(soak.failed ? "soak: failed" : "soak: passed");
    System.exit(soak.failed ? 1 : 0);
  }

  private int integer(String name) {
    return Integer.parseInt(settings.get(name));
  }

  private void run(double minutes, boolean paranoid) throws Exception {
    Path directory = Files.createTempDirectory(Path.of(settings.get("directory")), "soak");
    SpanBook book = new SpanBook();
    List<String> options = new ArrayList<>();
    options.addAll(List.of("-Xms" + settings.get("heap"), "-Xmx" + settings.get("heap")));
    if (paranoid) {
      options.add("-Dio.netty.leakDetection.level=paranoid");
    }
    ServerProcess.Ports durable = ServerProcess.Ports.free();
    ServerProcess.Ports direct = ServerProcess.Ports.free();
    try (CountingBackend backend = new CountingBackend(book, /* rate= */ 0)) {
      String yaml =
          YAML.formatted(
              durable.grpc(),
              durable.http(),
              direct.grpc(),
              direct.http(),
              backend.grpcPort(),
              backend.httpPort(),
              directory.resolve("data"));
      Report report = new Report();
      List<Sender> senders = new ArrayList<>();
      try (ServerProcess server =
          new ServerProcess(Path.of(settings.get("jar")), options, yaml, directory)) {
        for (ServerProcess.Ports ports : List.of(durable, direct)) {
          for (Sender.Kind kind : Sender.Kind.values()) {
            senders.add(kind.open(ports));
          }
        }
        soak(
            server,
            new Load(requests, book, senders, /* first= */ 0),
            book,
            report,
            60 * minutes,
            paranoid);
      } finally {
        senders.forEach(Sender::close);
      }
      failed |= report.failed();
      if (report.failed()) {
        System.out.println("      the server's log: " + directory.resolve("log"));
      } else {
        Directories.delete(directory);
      }
    }
  }

  private void soak(
      ServerProcess server,
      Load load,
      SpanBook book,
      Report report,
      double seconds,
      boolean paranoid)
      throws Exception {
    double saturation =
        saturation(load, book, requests.spans(), /* window= */ 200, integer("ramp"));
    System.out.printf(
        Locale.ROOT,
        "%n%s: saturated at %.0f requests/s (%.0f spans/s); %.0f s at half of it%n%n",
        paranoid ? "with leak detection" : "soak",
        saturation,
        saturation * requests.spans(),
        seconds);
    CompletableFuture<Load.Result> running =
        load.start(seconds, saturation / 2, /* patienceSeconds= */ 0);
    double before = sample(server, load, book, report, running, seconds);
    Load.Result result = running.get();
    Deliveries deliveries = Deliveries.await(book, requests, result.accepted(), DELIVERY);
    double after = server.liveHeap();
    report.print();
    System.out.println();
    long answered = result.codes().values().stream().mapToLong(Long::longValue).sum();
    report.check(
        answered == result.accepted().length && result.refused() == 0,
        "errors: responses %s",
        result.codes());
    report.check(
        deliveries.once() == deliveries.spans(),
        "exactly once: %d of %d spans; %d lost, %d twice, %d more often",
        deliveries.once(),
        deliveries.spans(),
        deliveries.lost(),
        deliveries.twice(),
        deliveries.more());
    report.check(
        result.accepted().length >= 0.95 * saturation / 2 * seconds,
        "rate: %.0f requests/s, of %.0f",
        result.accepted().length / seconds,
        saturation / 2);
    if (!paranoid) {
      flat(report, before, after);
    }
    String log = server.log();
    report.check(!log.contains("LEAK"), "no leak reported by Netty");
    report.check(!log.contains(" ERROR ") && !log.contains("SEVERE"), "no error in the log");
    report.check(server.isAlive(), "the server is alive");
    report.write(Path.of(settings.get("directory"), paranoid ? "soak-paranoid.csv" : "soak.csv"));
  }

  /**
   * Requests per second, up to the delivery of the last one, while senders send as fast as they can
   * and only so many wait for their delivery. The first half of the time only warms up.
   *
   * <p>Behind a queue, traces wait for their spans, so that a rate needs many requests under way:
   * with few, the figure is about how long traces wait. Without one, what is refused costs as well.
   *
   * @param window how many requests may wait for their delivery
   */
  static double saturation(Load load, SpanBook book, int spans, int window, double seconds)
      throws Exception {
    load.saturate(seconds / 2, (long) window * spans);
    awaitDelivery(load, book);
    long before = book.delivered();
    long start = System.nanoTime();
    load.saturate(seconds / 2, (long) window * spans);
    awaitDelivery(load, book);
    return (book.delivered() - before) * 1e9 / (System.nanoTime() - start) / spans;
  }

  private static void awaitDelivery(Load load, SpanBook book) throws InterruptedException {
    long deadline = System.nanoTime() + DELIVERY.toNanos();
    while (book.delivered() < load.acceptedSpans()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "delivered %d of %d spans".formatted(book.delivered(), load.acceptedSpans()));
      }
      Thread.sleep(20);
    }
  }

  /** Samples until the load ends; returns the size of the live heap after a third of the time. */
  private double sample(
      ServerProcess server,
      Load load,
      SpanBook book,
      Report report,
      CompletableFuture<?> running,
      double seconds)
      throws Exception {
    long start = System.nanoTime();
    long ramp = load.acceptedSpans();
    double third = Double.NaN;
    for (int i = 0; !running.isDone(); i++) {
      long due = start + i * integer("sample") * 1_000_000_000L;
      while (System.nanoTime() < due && !running.isDone()) {
        Thread.sleep(20);
      }
      double now = (System.nanoTime() - start) / 1e9;
      if (Double.isNaN(third) && now >= seconds / 3) {
        third = server.liveHeap();
      }
      report.add(
          new Report.Sample(
              now, server.use(), load.acceptedSpans() - ramp, book.delivered() - ramp));
    }
    return third;
  }

  private void flat(Report report, double before, double after) {
    List<Report.Sample> all = report.samples();
    List<Report.Sample> late = all.subList(all.size() / 3, all.size());
    int growth = integer("growth");
    double rss = Trend.growth(late, sample -> sample.use().rss());
    report.check(
        rss <= growth,
        "resident memory grew by %.1f MiB in the last two thirds, at most %d",
        rss,
        growth);
    report.check(
        after - before <= growth,
        "live heap: %.1f MiB after a third, %.1f MiB at the end, at most %d more",
        before,
        after,
        growth);
    double threads = Trend.growth(late, sample -> sample.use().threads());
    report.check(threads <= 4, "threads grew by %.1f, at most 4", threads);
    double descriptors = Trend.growth(late, sample -> sample.use().descriptors());
    report.check(descriptors <= 8, "descriptors grew by %.1f, at most 8", descriptors);
  }
}
