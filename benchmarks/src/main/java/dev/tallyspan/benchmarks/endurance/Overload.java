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
 * A small server with twice the rate at which it is saturated, for each queue mode: it stays within
 * its memory, tells senders when to send again, delivers what it has accepted, and delivers nothing
 * more than twice.
 *
 * <p>More senders than the server has memory for have large requests under way, half of them over
 * HTTP and half over gRPC. The durable queue has room for a few seconds. With {@code backend}, it
 * is the backend that takes only so many requests per second, which does not depend on the machine.
 * Senders and backend are in this JVM.
 */
public final class Overload {

  private static final Duration DELIVERY = Duration.ofSeconds(90);

  /** A number that the load before, which measures the saturation, does not reach. */
  private static final long FIRST_OF_OVERLOAD = 1_000_000;

  private static final String YAML =
      """
      receivers:
        otlp:
          protocols: {grpc: {endpoint: "127.0.0.1:%d"}, http: {endpoint: "127.0.0.1:%d"}}
      processors:
        tallyspan: {}
        memory_limiter: {check_interval: 1s, limit_mib: %d, spike_limit_mib: 1}
      exporters:
        otlp_grpc: {endpoint: "http://127.0.0.1:%d", compression: none}
      storage: {directory: '%s', max_size: %s}
      service:
        pipelines:
          traces: {receivers: [otlp], processors: [memory_limiter, tallyspan], exporters: [otlp_grpc], queue: %s}
        telemetry: {metrics: {level: none}}
      """;

  private final Map<String, String> settings;
  private final NumberedRequests requests;
  private boolean failed;

  private Overload(Map<String, String> settings) throws Exception {
    this.settings = settings;
    requests = new NumberedRequests(List.of(TraceLoad.LLM), integer("spans"));
  }

  /** Ends with exit code 1 if anything that is asserted does not hold. */
  public static void main(String[] arguments) throws Exception {
    Map<String, String> settings =
        Report.arguments(
            arguments,
            Map.ofEntries(
                Map.entry("seconds", "60"),
                Map.entry("modes", "direct,durable"),
                Map.entry("ramp", "10"),
                Map.entry("factor", "2"),
                Map.entry("senders", "192"),
                Map.entry("spans", "64"),
                Map.entry("queue", "256MiB"),
                Map.entry("waiting", "400"),
                Map.entry("rss", "640"),
                Map.entry("backend", "0"),
                Map.entry("memory", "64"),
                Map.entry("jar", "collector-processor/target/tallyspan.jar"),
                Map.entry("directory", "benchmarks/target")));
    System.out.printf(
        "overload: JDK %s, %d processors; %s%n",
        Runtime.version(), Runtime.getRuntime().availableProcessors(), settings);
    Overload overload = new Overload(settings);
    for (String mode : settings.get("modes").split(",")) {
      overload.run(mode);
    }
    System.out.println(overload.failed ? "overload: failed" : "overload: passed");
    System.exit(overload.failed ? 1 : 0);
  }

  private int integer(String name) {
    return Integer.parseInt(settings.get(name));
  }

  private void run(String mode) throws Exception {
    Path directory = Files.createTempDirectory(Path.of(settings.get("directory")), "overload");
    SpanBook book = new SpanBook();
    ServerProcess.Ports ports = ServerProcess.Ports.free();
    List<Sender> senders = new ArrayList<>();
    try (CountingBackend backend =
        new CountingBackend(book, Double.parseDouble(settings.get("backend")))) {
      String yaml =
          YAML.formatted(
              ports.grpc(),
              ports.http(),
              integer("memory"),
              backend.grpcPort(),
              directory.resolve("data"),
              settings.get("queue"),
              mode);
      Report report = new Report();
      try (ServerProcess server =
          new ServerProcess(
              Path.of(settings.get("jar")), List.of("-Xms256m", "-Xmx256m"), yaml, directory)) {
        for (int i = 0; i < integer("senders"); i++) {
          senders.add((i % 2 == 0 ? Sender.Kind.HTTP : Sender.Kind.GRPC).open(ports));
        }
        overload(mode, server, senders, book, report);
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

  private void overload(
      String mode, ServerProcess server, List<Sender> senders, SpanBook book, Report report)
      throws Exception {
    double saturation =
        Soak.saturation(
            new Load(requests, book, senders.subList(0, 16), /* first= */ 0),
            book,
            requests.spans(),
            mode.equals("direct") ? 200 : integer("waiting"),
            integer("ramp"));
    double rate = saturation * Double.parseDouble(settings.get("factor"));
    int seconds = integer("seconds");
    System.out.printf(
        Locale.ROOT,
        "%n%s: saturated at %.0f requests/s (%.0f spans/s); %d s at %.0f requests/s%n%n",
        mode,
        saturation,
        saturation * requests.spans(),
        seconds,
        rate);
    Load load = new Load(requests, book, senders, FIRST_OF_OVERLOAD);
    CompletableFuture<Load.Result> running = load.start(seconds, rate, /* patienceSeconds= */ 10);
    long before = book.delivered();
    long start = System.nanoTime();
    while (!running.isDone()) {
      double now = (System.nanoTime() - start) / 1e9;
      report.add(
          new Report.Sample(now, server.use(), load.acceptedSpans(), book.delivered() - before));
      Thread.sleep(Math.max(500, seconds * 1000L / 20));
    }
    Load.Result result = running.get();
    Deliveries deliveries = Deliveries.await(book, requests, result.accepted(), DELIVERY);
    report.print();
    System.out.println();
    double rss = report.samples().stream().mapToDouble(it -> it.use().rss()).max().orElseThrow();
    report.check(
        rss <= integer("rss"), "resident memory: at most %.0f MiB, of %d", rss, integer("rss"));
    report.check(server.isAlive(), "the server is alive");
    System.out.printf("      responses: %s%n", result.codes());
    long responses = result.codes().values().stream().mapToLong(Long::longValue).sum();
    long refusals = responses - result.accepted().length - result.unknown();
    report.check(refusals > 0, "overloaded: %d refusals", refusals);
    report.check(
        result.refused() == 0 && result.withoutDelay() == 0,
        "refusals: %d not retryable, %d without the time to wait",
        result.refused(),
        result.withoutDelay());
    report.check(
        deliveries.lost() == 0,
        "accepted spans: %d, of which %d were not delivered",
        deliveries.spans(),
        deliveries.lost());
    report.check(
        deliveries.more() == 0,
        "at most twice: %d once, %d twice, %d more often; %d attempts without a response",
        deliveries.once(),
        deliveries.twice(),
        deliveries.more(),
        result.unknown());
    System.out.printf("      given up by senders at the end: %d requests%n", result.givenUp());
    String log = server.log();
    report.check(!log.contains("SEVERE") && !log.contains(" ERROR "), "no error in the log");
    report.write(Path.of(settings.get("directory"), "overload-" + mode + ".csv"));
  }
}
