package dev.tallyspan.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.LongFunction;
import java.util.function.ToDoubleFunction;

/**
 * What a queue, the trace window, the ledger and the viewer cost: a {@code tallyspan run} for each
 * mode, all of them running at the same time, take turns with the same requests. Each one receives
 * them over OTLP/HTTP, and forwards them to a backend that drops them. Senders and backends are in
 * this JVM. Each request is a whole trace, with ids of its own.
 *
 * <p>A turn ends when the backend has everything, so the CPU time of a mode contains the delivery.
 * Senders wait while {@code window} requests are not delivered: without that, the queues would grow
 * during a turn, and the figures would depend on its length.
 */
public final class ServerModes {

  /** The first one that is compared is what the others are divided by. */
  enum Mode {
    DIRECT("direct", false, ""),
    DURABLE("durable", false, ""),
    MEMORY("memory", false, ""),
    WINDOW("durable", true, ""),
    LEDGER("direct", false, "ledger: {}\n"),
    VIEWER("direct", false, "viewer: {endpoint: '127.0.0.1:0'}\n"),
    ALL("direct", false, LEDGER.sections + VIEWER.sections),
    DURABLE_ALL("durable", true, LEDGER.sections + VIEWER.sections);

    final String queue;
    final boolean window;
    final String sections;

    Mode(String queue, boolean window, String sections) {
      this.queue = queue;
      this.window = window;
      this.sections = sections;
    }

    String lowerCase() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What the arguments say, each as {@code name=value}.
   *
   * @param directory where the data directories are created and deleted again; on a disk
   * @param modes the first one is what the others are divided by
   * @param spans in a request
   * @param seconds how long a mode is sent requests in a round, and measured
   * @param settle how long it is sent requests before that, in seconds: what it may have saved up
   *     while the others had their turns is used up then
   * @param senders connections, each with one request under way
   * @param rate in requests per second; 0 = as fast as the responses come
   * @param window requests that are not delivered at most
   */
  private record Settings(
      Path jar,
      Path directory,
      List<TraceLoad> loads,
      List<Mode> modes,
      int spans,
      int warmups,
      int rounds,
      int seconds,
      int settle,
      int senders,
      int rate,
      int window,
      String compression) {

    private static Settings parse(String[] given) {
      Arguments arguments = new Arguments(given);
      Settings settings =
          new Settings(
              Path.of(arguments.text("jar", "collector-processor/target/tallyspan.jar")),
              Path.of(arguments.text("directory", "benchmarks/target")),
              arguments.list("loads", TraceLoad.class, ""),
              arguments.list("modes", Mode.class, "direct,durable,memory"),
              arguments.number("spans", 64),
              arguments.number("warmups", 3),
              arguments.number("rounds", 7),
              arguments.number("seconds", 4),
              arguments.number("settle", 0),
              arguments.number("senders", 16),
              arguments.number("rate", 0),
              arguments.number("window", 64),
              arguments.text("compression", "none"));
      arguments.end();
      return settings;
    }
  }

  private ServerModes() {}

  /** Takes {@link Settings}, all of which have defaults. */
  public static void main(String[] arguments) throws Exception {
    Settings settings = Settings.parse(arguments);
    if (Files.getFileStore(settings.directory).type().equals("tmpfs")) {
      throw new IllegalArgumentException(
          "directory=" + settings.directory + ": is in memory, not on a disk");
    }
    System.out.printf(
        "JDK %s, %d processors; %s%n",
        Runtime.version(), Runtime.getRuntime().availableProcessors(), settings);
    Path directory = Files.createTempDirectory(settings.directory, "server-modes");
    Map<Mode, QueuedCollector> collectors = new EnumMap<>(Mode.class);
    try {
      for (Mode mode : settings.modes) {
        collectors.put(
            mode,
            new QueuedCollector(
                settings.jar,
                mode,
                settings.compression,
                settings.senders,
                settings.window,
                Files.createDirectory(directory.resolve(mode.lowerCase()))));
      }
      for (TraceLoad load : settings.loads) {
        run(settings, load, collectors);
      }
    } finally {
      for (QueuedCollector collector : collectors.values()) {
        collector.close();
      }
      Directories.delete(directory);
    }
  }

  private static void run(Settings settings, TraceLoad load, Map<Mode, QueuedCollector> collectors)
      throws IOException, InterruptedException, ExecutionException {
    NumberedRequests requests = new NumberedRequests(Collections.nCopies(8, load), settings.spans);
    LongFunction<byte[]> messages = number -> message(requests.request(number));
    List<Mode> order = new ArrayList<>(settings.modes);
    List<Map<Mode, QueuedCollector.Turn>> rounds = new ArrayList<>();
    for (int i = -settings.warmups; i < settings.rounds; i++) {
      Map<Mode, QueuedCollector.Turn> round = new EnumMap<>(Mode.class);
      for (Mode mode : order) {
        QueuedCollector collector = collectors.get(mode);
        if (settings.settle > 0) {
          collector.run(messages, Duration.ofSeconds(settings.settle), settings.rate);
        }
        round.put(
            mode, collector.run(messages, Duration.ofSeconds(settings.seconds), settings.rate));
      }
      if (i >= 0) {
        rounds.add(round);
      }
      Collections.rotate(order, 1);
    }
    double bytes = 0;
    for (int i = 0; i < 8; i++) {
      bytes += requests.request(i).length / 8.0;
    }
    print(settings, load, bytes, rounds);
  }

  private static byte[] message(byte[] body) {
    byte[] head =
        ("POST /v1/traces HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-protobuf\r\n"
                + "Content-Length: "
                + body.length
                + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    byte[] message = Arrays.copyOf(head, head.length + body.length);
    System.arraycopy(body, 0, message, head.length, body.length);
    return message;
  }

  private static void print(
      Settings settings, TraceLoad load, double bytes, List<Map<Mode, QueuedCollector.Turn>> all) {
    System.out.printf(
        Locale.ROOT,
        "%n%s: %.0f KiB in a request of %d spans%n%n",
        load,
        bytes / 1024,
        settings.spans);
    System.out.println(
        "| mode | CPU µs/span | CPU / A | requests/s | requests/s / A | p50 ms | p99 ms |"
            .replace("A", settings.modes.get(0).lowerCase()));
    System.out.println("|---|---|---|---|---|---|---|");
    ToDoubleFunction<QueuedCollector.Turn> cpu = turn -> turn.cpuMicrosPer(settings.spans);
    Mode first = settings.modes.get(0);
    for (Mode mode : settings.modes) {
      System.out.printf(
          "| `%s` | %s | %s | %s | %s | %s | %s |%n",
          mode.lowerCase(),
          median("%.1f", all, round -> cpu.applyAsDouble(round.get(mode))),
          median(
              "%.2f",
              all,
              round -> cpu.applyAsDouble(round.get(mode)) / cpu.applyAsDouble(round.get(first))),
          median("%.0f", all, round -> round.get(mode).requestsPerSecond()),
          median(
              "%.2f",
              all,
              round -> round.get(mode).requestsPerSecond() / round.get(first).requestsPerSecond()),
          median("%.1f", all, round -> round.get(mode).latencyMillis(0.5)),
          median("%.1f", all, round -> round.get(mode).latencyMillis(0.99)));
    }
  }

  /** The median and the range of a figure that each round has. */
  private static String median(
      String format,
      List<Map<Mode, QueuedCollector.Turn>> rounds,
      ToDoubleFunction<Map<Mode, QueuedCollector.Turn>> figure) {
    double[] values = rounds.stream().mapToDouble(figure).sorted().toArray();
    return String.format(
        Locale.ROOT,
        "%s (%s-%s)".replace("%s", format),
        (values[(values.length - 1) / 2] + values[values.length / 2]) / 2,
        values[0],
        values[values.length - 1]);
  }
}
