package dev.tallyspan.benchmarks.endurance;

import dev.tallyspan.benchmarks.Arguments;
import dev.tallyspan.benchmarks.Directories;
import dev.tallyspan.benchmarks.NumberedRequests;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What Tallyspan costs beside an OpenTelemetry Collector that renames attributes and multiplies
 * tokens by prices: CPU time of the process for each span that was acknowledged and that arrived at
 * a backend, and resident memory. All servers get the same loads in turns, at saturation. Senders
 * and backends are in this JVM. Linux only.
 */
public final class Wire {

  /** What is sent, and how. */
  private enum Mix {
    A("10 % of the spans are of calls", 512, 51, Sender.Kind.GRPC, false, 4),
    B("all are of calls", 512, 512, Sender.Kind.GRPC, false, 4),
    C("none is", 512, 0, Sender.Kind.GRPC, false, 4),
    D("2 of 16", 16, 2, Sender.Kind.GRPC, false, 16),
    E("as A, HTTP", 512, 51, Sender.Kind.HTTP, false, 4),
    F("as A, JSON over HTTP in, HTTP out", 512, 51, Sender.Kind.HTTP, true, 4),
    G("as A, gzip in and out", 512, 51, Sender.Kind.GRPC_GZIP, false, 4);

    private final String description;
    private final int spans;
    private final int llmSpans;
    private final Sender.Kind kind;
    private final boolean json;
    private final int senders;

    Mix(String description, int spans, int llmSpans, Sender.Kind kind, boolean json, int senders) {
      this.description = description;
      this.spans = spans;
      this.llmSpans = llmSpans;
      this.kind = kind;
      this.json = json;
      this.senders = senders;
    }

    private boolean overHttp() {
      return kind == Sender.Kind.HTTP;
    }

    /** The exporter of Tallyspan and of the Collector, which have the same keys. */
    private String exporter(CountingBackend backend) {
      String compression = kind == Sender.Kind.GRPC_GZIP ? "gzip" : "none";
      return overHttp()
          ? "otlp_http: {endpoint: \"http://127.0.0.1:%d\", compression: %s"
              .formatted(backend.httpPort(), compression)
          : "otlp_grpc: {endpoint: \"127.0.0.1:%d\", tls: {insecure: true}, compression: %s"
              .formatted(backend.grpcPort(), compression);
    }

    private Sender open(ServerProcess.Ports ports) {
      return json ? new HttpSender(ports.http(), false, true) : kind.open(ports);
    }
  }

  /**
   * What the arguments say, each as {@code name=value}.
   *
   * @param tallyspan the launcher
   * @param collector the executable
   * @param processors of the Collector: files with {@code processors} and the chain to use
   * @param also JVM options of one more Tallyspan; empty for none
   * @param bytes the mean size of the spans of calls
   * @param warmup CPU time that each Tallyspan uses before it is measured, in seconds
   * @param seconds the length of a turn
   */
  private record Settings(
      Path tallyspan,
      Path collector,
      List<Path> processors,
      Path captures,
      String also,
      List<Mix> mixes,
      int bytes,
      int warmup,
      int rounds,
      int seconds) {

    private static Settings parse(String[] given) {
      Arguments arguments = new Arguments(given);
      Settings settings =
          new Settings(
              Path.of(arguments.text("tallyspan", "tallyspan")).toAbsolutePath(),
              Path.of(arguments.text("collector", "")).toAbsolutePath(),
              Arrays.stream(arguments.text("processors", "").split(","))
                  .filter(file -> !file.isEmpty())
                  .map(Path::of)
                  .toList(),
              CapturedRequests.folder(arguments),
              arguments.text("also", ""),
              arguments.list("mixes", Mix.class, ""),
              arguments.number("bytes", 7000),
              arguments.number("warmup", 120),
              arguments.number("rounds", 5),
              arguments.number("seconds", 5));
      arguments.end();
      return settings;
    }
  }

  /**
   * One turn of a server.
   *
   * @param micros of CPU time per span
   * @param rss resident memory at the end, in MiB
   */
  private record Turn(double micros, double rss) {}

  private static final long ARRIVAL_SECONDS = 60;
  private static final double PATIENCE_SECONDS = 120;
  private static final String OURS = "Tallyspan";

  private Wire() {}

  /** Takes {@link Settings}; the script {@code benchmarks/peers/wire} names the executables. */
  public static void main(String[] arguments) throws Exception {
    Settings settings = Settings.parse(arguments);
    CapturedRequests captured = new CapturedRequests(settings.captures, settings.bytes, 42);
    System.out.printf(
        "%s; %d processors; %s%n%s%n%n",
        LocalDate.now(), Runtime.getRuntime().availableProcessors(), captured, settings);
    Path directory = Files.createTempDirectory("tallyspan-wire");
    boolean header = true;
    try {
      for (Mix mix : settings.mixes) {
        Path own = Files.createDirectory(directory.resolve(mix.name()));
        Map<String, List<Turn>> turns = run(settings, mix, captured, own);
        if (header) {
          header(List.copyOf(turns.keySet()));
        }
        header = false;
        print(mix, turns);
      }
    } finally {
      Directories.delete(directory);
    }
    System.exit(0);
  }

  /** Measures all servers with one load. */
  private static Map<String, List<Turn>> run(
      Settings settings, Mix mix, CapturedRequests captured, Path directory) throws Exception {
    List<ExportTraceServiceRequest> requests = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      requests.add(captured.request(mix.spans, mix.llmSpans, i));
    }
    NumberedRequests numbered = NumberedRequests.of(requests, mix.spans);
    Map<String, Server> servers = new LinkedHashMap<>();
    Map<String, List<Turn>> turns = new LinkedHashMap<>();
    try {
      servers.put(
          OURS, Server.tallyspan(settings, mix, numbered, "", "", directory.resolve("ours")));
      servers.put(
          "`keep`",
          Server.tallyspan(
              settings, mix, numbered, "content: keep", "", directory.resolve("keep")));
      if (!settings.also.isEmpty()) {
        servers.put(
            "`" + settings.also + "`",
            Server.tallyspan(
                settings, mix, numbered, "", settings.also, directory.resolve("also")));
      }
      for (Path processors : settings.processors) {
        String name = processors.getFileName().toString().replace(".yaml", "");
        servers.put(
            "Collector, " + name,
            Server.collector(settings, mix, numbered, processors, directory.resolve(name)));
      }
      for (Server server : servers.values()) {
        do {
          // The first requests may take longer than a sender waits, if the machine has other work.
          server.load.saturate(settings.seconds, Long.MAX_VALUE, PATIENCE_SECONDS);
        } while (server.isCompiled && server.process.cpuSeconds() < settings.warmup);
        server.book.awaits(server.load.acceptedSpans(), ARRIVAL_SECONDS);
      }
      List<String> order = new ArrayList<>(servers.keySet());
      order.forEach(name -> turns.put(name, new ArrayList<>()));
      for (int i = 0; i < settings.rounds; i++) {
        for (String name : order) {
          turns.get(name).add(servers.get(name).turn(settings.seconds));
        }
        Collections.rotate(order, 1);
      }
      return turns;
    } finally {
      for (Server server : servers.values()) {
        server.close();
      }
    }
  }

  private static void header(List<String> names) {
    StringBuilder first = new StringBuilder("| load |");
    StringBuilder second = new StringBuilder("|---|");
    for (String name : names) {
      first.append(' ').append(name).append(", CPU µs/span |");
      second.append("---|");
    }
    for (String name : names) {
      if (!name.equals(OURS)) {
        first.append(" ").append(OURS).append(" / ").append(name).append(" |");
        second.append("---|");
      }
    }
    for (String name : names) {
      first.append(' ').append(name).append(", MiB |");
      second.append("---|");
    }
    System.out.println(first + " load average |");
    System.out.println(second + "---|");
  }

  private static void print(Mix mix, Map<String, List<Turn>> turns) throws IOException {
    StringBuilder row = new StringBuilder();
    row.append("| ").append(mix.name().toLowerCase(Locale.ROOT)).append(": ");
    row.append(mix.spans).append(" spans, ").append(mix.description).append(" |");
    List<Turn> ours = turns.get(OURS);
    turns.forEach(
        (name, all) -> row.append(Figures.cell("%.1f", Figures.values(all, Turn::micros))));
    turns.forEach(
        (name, all) -> {
          if (!name.equals(OURS)) {
            row.append(Figures.cell("%.2f", Figures.ratios(ours, all, Turn::micros)));
          }
        });
    turns.forEach(
        (name, all) ->
            row.append(
                String.format(
                    Locale.ROOT, " %.0f |", Figures.most(Figures.values(all, Turn::rss)))));
    System.out.println(row + " " + Figures.loadAverage() + " |");
  }

  /** A server with its own backend and senders. */
  private static final class Server implements Closeable {
    private final SpanBook book = new SpanBook();
    private final CountingBackend backend = new CountingBackend(book, /* rate= */ 0);
    private final ServerProcess.Ports ports = ServerProcess.Ports.free();
    private final List<Sender> senders = new ArrayList<>();
    private final Load load;
    private MeasuredProcess process;

    /** Whether it is compiled while it runs, and has to be warm before it is measured. */
    private boolean isCompiled;

    private Server(Mix mix, NumberedRequests requests) throws IOException {
      for (int i = 0; i < mix.senders; i++) {
        senders.add(mix.open(ports));
      }
      load = new Load(requests, book, senders, /* first= */ 0);
    }

    static Server tallyspan(
        Settings settings,
        Mix mix,
        NumberedRequests requests,
        String processor,
        String options,
        Path directory)
        throws IOException, InterruptedException {
      Server server = new Server(mix, requests);
      server.isCompiled = true;
      String exporter = mix.exporter(server.backend);
      String yaml =
          """
          receivers:
            otlp:
              protocols:
                grpc: {endpoint: "127.0.0.1:%d", max_recv_msg_size_mib: 64}
                http: {endpoint: "127.0.0.1:%d"}
          processors:
            tallyspan: {%s}
          exporters:
            %s}
          service:
            telemetry: {metrics: {level: none}}
            pipelines:
              traces: {receivers: [otlp], processors: [tallyspan], exporters: [%s], queue: direct}
          """
              .formatted(
                  server.ports.grpc(),
                  server.ports.http(),
                  processor,
                  exporter,
                  exporter.split(":")[0]);
      // Classes are not kept, because keeping them takes time while others are measured.
      Map<String, String> environment = new HashMap<>(Map.of("TALLYSPAN_CACHE", "none"));
      if (!options.isEmpty()) {
        environment.put("TALLYSPAN_JAVA_OPTS", options);
      }
      server.start(List.of(settings.tallyspan.toString(), "run"), environment, yaml, directory);
      return server;
    }

    static Server collector(
        Settings settings, Mix mix, NumberedRequests requests, Path processors, Path directory)
        throws IOException, InterruptedException {
      Server server = new Server(mix, requests);
      String exporter = mix.exporter(server.backend);
      ProcessorChain chain = ProcessorChain.read(processors);
      // Without a queue, a request is answered when the backend has it, as by the other server.
      String yaml =
          """
          receivers:
            otlp:
              protocols:
                grpc: {endpoint: "127.0.0.1:%d", max_recv_msg_size_mib: 64}
                http: {endpoint: "127.0.0.1:%d"}
          exporters:
            %s, sending_queue: {enabled: false}, retry_on_failure: {enabled: false}}
          service:
            telemetry: {metrics: {level: none}}
            pipelines:
              traces: {receivers: [otlp], processors: [%s], exporters: [%s]}
          %s
          """
              .formatted(
                  server.ports.grpc(),
                  server.ports.http(),
                  exporter,
                  chain.chain(),
                  exporter.split(":")[0],
                  chain.yaml());
      server.start(List.of(settings.collector.toString()), Map.of(), yaml, directory);
      return server;
    }

    private void start(
        List<String> command, Map<String, String> environment, String yaml, Path directory)
        throws IOException, InterruptedException {
      Files.createDirectory(directory);
      Path config = Files.writeString(directory.resolve("config.yaml"), yaml);
      List<String> all = new ArrayList<>(command);
      all.addAll(List.of("--config", config.toString()));
      process =
          MeasuredProcess.start(
              all,
              environment,
              directory.resolve("log"),
              () -> MeasuredProcess.listens(ports.grpc()) && MeasuredProcess.listens(ports.http()));
    }

    /** Sends as fast as the responses come, and waits until everything has arrived. */
    private Turn turn(int seconds) throws Exception {
      double cpu = process.cpuSeconds();
      long before = book.delivered();
      Load.Result result = load.saturate(seconds, Long.MAX_VALUE);
      book.awaits(load.acceptedSpans(), ARRIVAL_SECONDS);
      long spans = book.delivered() - before;
      if (spans == 0
          || result.refused() + result.unknown() + result.givenUp() > 0
          || book.delivered() != load.acceptedSpans()) {
        throw new IOException(
            "accepted %d, arrived %d, answers %s; its log:%n%s"
                .formatted(load.acceptedSpans(), book.delivered(), result.codes(), process.log()));
      }
      return new Turn(1e6 * (process.cpuSeconds() - cpu) / spans, process.rss());
    }

    @Override
    public void close() throws IOException {
      senders.forEach(Sender::close);
      if (process != null) {
        process.close();
      }
      backend.close();
    }
  }
}
