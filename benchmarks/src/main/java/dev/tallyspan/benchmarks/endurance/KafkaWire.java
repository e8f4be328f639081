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
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What an edge and a core of Tallyspan cost beside Collectors that do the same: an edge receives
 * OTLP/gRPC and writes to a topic, by trace; a core reads from it and forwards over gRPC. The cores
 * either price, the Collector's with a processor that renames attributes and multiplies tokens by
 * prices, or pass on what they read. All get the same loads in turns, at saturation. The result is
 * CPU time of each process for each span that arrived. Senders and backends are in this JVM, the
 * broker is in another one. Linux only.
 */
public final class KafkaWire {

  /** What is sent. */
  private enum Mix {
    A("512 spans of a trace, 10 % are of calls", 512, 51, 1, 4),
    C("512 spans of a trace, none is of a call", 512, 0, 1, 4),
    D("16 spans of a trace, 2 are of calls", 16, 2, 1, 32),
    M("32 traces as in d", 16, 2, 32, 4);

    private final String description;
    private final int spansPerTrace;
    private final int llmSpans;
    private final int traces;
    private final int senders;

    Mix(String description, int spansPerTrace, int llmSpans, int traces, int senders) {
      this.description = description;
      this.spansPerTrace = spansPerTrace;
      this.llmSpans = llmSpans;
      this.traces = traces;
      this.senders = senders;
    }

    private NumberedRequests requests(CapturedRequests captured) throws IOException {
      List<ExportTraceServiceRequest> requests = new ArrayList<>();
      for (int i = 0; i < TEMPLATES * traces; i++) {
        requests.add(captured.request(spansPerTrace, llmSpans, i));
      }
      return NumberedRequests.ofSeveral(requests, spansPerTrace, traces);
    }

    /** The number of the first request, so that the spans of all loads have different numbers. */
    private long first() {
      return ordinal() * SPANS_OF_A_LOAD / ((long) spansPerTrace * traces);
    }
  }

  /**
   * What the arguments say, each as {@code name=value}.
   *
   * @param tallyspan the launcher
   * @param collector the executable
   * @param processors of the Collector: a file with {@code processors} and the chain to use
   * @param compression of the records
   * @param partitions of each topic
   * @param bytes the mean size of the spans of calls
   * @param warmup CPU time that each process of Tallyspan uses before it is measured, in seconds
   * @param seconds how long is sent in a turn
   */
  private record Settings(
      Path tallyspan,
      Path collector,
      Path processors,
      Path captures,
      List<Mix> mixes,
      String compression,
      int partitions,
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
              Path.of(arguments.text("processors", "")),
              CapturedRequests.folder(arguments),
              arguments.list("mixes", Mix.class, ""),
              arguments.text("compression", "zstd"),
              arguments.number("partitions", 12),
              arguments.number("bytes", 7000),
              arguments.number("warmup", 120),
              arguments.number("rounds", 5),
              arguments.number("seconds", 5));
      arguments.end();
      return settings;
    }
  }

  /** Who does the work. */
  private enum Peer {
    TALLYSPAN,
    COLLECTOR
  }

  /** What the core does. */
  private enum Work {
    PRICES("prices"),
    PASSES_ON("passes on");

    private final String verb;

    Work(String verb) {
      this.verb = verb;
    }
  }

  private record Kind(Peer peer, Work work) {
    @Override
    public String toString() {
      return peer.name().toLowerCase(Locale.ROOT) + "-" + work.name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * One turn of a chain. CPU times are in µs per span.
   *
   * @param stored bytes per span in the topic
   * @param edgeRss resident memory of the edge at the end, in MiB
   */
  private record Turn(
      double edge, double core, double broker, double stored, double edgeRss, double coreRss) {}

  private static final int TEMPLATES = 8;

  /** More than a run sends of each. */
  private static final long SPANS_OF_A_LOAD = 1L << 30;

  private static final long ARRIVAL_SECONDS = 180;
  private static final double PATIENCE_SECONDS = 120;

  private KafkaWire() {}

  /** Takes {@link Settings}; the script {@code benchmarks/peers/kafka} names the executables. */
  public static void main(String[] arguments) throws Exception {
    Settings settings = Settings.parse(arguments);
    CapturedRequests captured = new CapturedRequests(settings.captures, settings.bytes, 42);
    System.out.printf(
        "%s; %d processors; %s%n%s%n%n",
        LocalDate.now(), Runtime.getRuntime().availableProcessors(), captured, settings);
    Map<Mix, NumberedRequests> requests = new EnumMap<>(Mix.class);
    for (Mix mix : settings.mixes) {
      requests.put(mix, mix.requests(captured));
    }
    Path directory = Files.createTempDirectory("tallyspan-kafka");
    try {
      run(settings, requests, directory);
    } finally {
      Directories.delete(directory);
    }
    System.exit(0);
  }

  private static void run(Settings settings, Map<Mix, NumberedRequests> requests, Path directory)
      throws Exception {
    Map<Kind, Chain> chains = new LinkedHashMap<>();
    try (KafkaBroker broker = new KafkaBroker(Files.createDirectory(directory.resolve("broker")))) {
      try {
        for (Work work : Work.values()) {
          for (Peer peer : Peer.values()) {
            Kind kind = new Kind(peer, work);
            chains.put(kind, new Chain(settings, kind, requests, broker, directory));
          }
        }
        for (Chain chain : chains.values()) {
          chain.warmUp();
        }
        header();
        for (Mix mix : settings.mixes) {
          Map<Kind, List<Turn>> turns = new LinkedHashMap<>();
          List<Kind> order = new ArrayList<>(chains.keySet());
          order.forEach(kind -> turns.put(kind, new ArrayList<>()));
          for (int i = 0; i < settings.rounds; i++) {
            for (Kind kind : order) {
              turns.get(kind).add(chains.get(kind).turn(mix));
            }
            Collections.rotate(order, 1);
          }
          print(mix, requests.get(mix), turns);
        }
      } finally {
        for (Chain chain : chains.values()) {
          chain.close();
        }
      }
    }
  }

  private static void header() {
    System.out.println(
        "| load | tier | Tallyspan, CPU µs/span | Collector, CPU µs/span | Tallyspan / Collector |"
            + " Tallyspan, MiB | Collector, MiB |");
    System.out.println("|---|---|---|---|---|---|---|");
  }

  private static void print(Mix mix, NumberedRequests requests, Map<Kind, List<Turn>> turns)
      throws IOException {
    List<Turn> ours = new ArrayList<>();
    List<Turn> theirs = new ArrayList<>();
    for (Work work : Work.values()) {
      ours.addAll(turns.get(new Kind(Peer.TALLYSPAN, work)));
      theirs.addAll(turns.get(new Kind(Peer.COLLECTOR, work)));
    }
    // The edges of both pairs do the same.
    print(
        mix,
        "edge",
        ours,
        theirs,
        Turn::edge,
        mib(ours, Turn::edgeRss),
        mib(theirs, Turn::edgeRss));
    for (Work work : Work.values()) {
      List<Turn> our = turns.get(new Kind(Peer.TALLYSPAN, work));
      List<Turn> their = turns.get(new Kind(Peer.COLLECTOR, work));
      String tier = "core that " + work.verb;
      print(mix, tier, our, their, Turn::core, mib(our, Turn::coreRss), mib(their, Turn::coreRss));
    }
    print(mix, "broker", ours, theirs, Turn::broker, "", "");
    System.out.printf(
        Locale.ROOT,
        "| | | bytes per span: sent %.0f, in the topic %.0f | in the topic %.0f | | load average %s"
            + " | |%n",
        (double) requests.request(0).length / requests.spans(),
        Figures.median(Figures.values(ours, Turn::stored)),
        Figures.median(Figures.values(theirs, Turn::stored)),
        Figures.loadAverage());
  }

  private static void print(
      Mix mix,
      String tier,
      List<Turn> ours,
      List<Turn> theirs,
      ToDoubleFunction<Turn> cpu,
      String ourMemory,
      String theirMemory) {
    System.out.printf(
        Locale.ROOT,
        "| %s: %s | %s |%s%s%s %s | %s |%n",
        mix.name().toLowerCase(Locale.ROOT),
        mix.description,
        tier,
        Figures.cell("%.2f", Figures.values(ours, cpu)),
        Figures.cell("%.2f", Figures.values(theirs, cpu)),
        Figures.cell("%.2f", Figures.ratios(ours, theirs, cpu)),
        ourMemory,
        theirMemory);
  }

  private static String mib(List<Turn> turns, ToDoubleFunction<Turn> rss) {
    return "%.0f".formatted(Figures.most(Figures.values(turns, rss)));
  }

  /** An edge, a topic and a core, with their own backend and senders. */
  private static final class Chain implements Closeable {

    private final Settings settings;
    private final Kind kind;
    private final String topic;
    private final KafkaBroker broker;
    private final SpanBook book = new SpanBook();
    private final CountingBackend backend = new CountingBackend(book, /* rate= */ 0);
    private final List<Sender> senders = new ArrayList<>();
    private final Map<Mix, Load> loads = new EnumMap<>(Mix.class);
    private final MeasuredProcess edge;
    private final MeasuredProcess core;

    Chain(
        Settings settings,
        Kind kind,
        Map<Mix, NumberedRequests> requests,
        KafkaBroker broker,
        Path directory)
        throws Exception {
      this.settings = settings;
      this.kind = kind;
      this.broker = broker;
      topic = kind.toString();
      broker.createTopic(topic, settings.partitions);
      ServerProcess.Ports ports = ServerProcess.Ports.free();
      edge =
          start(
              "edge",
              kind.peer == Peer.TALLYSPAN
                  ? edge("", ", queue: direct", ports)
                  : edge(
                      // Without a queue, a request is answered when the broker has it, as by the
                      // other.
                      "sending_queue: {enabled: false}\n    retry_on_failure: {enabled: false}",
                      "",
                      ports),
              directory,
              ports.grpc());
      try {
        core =
            start(
                "core",
                kind.peer == Peer.TALLYSPAN ? tallyspanCore() : collectorCore(),
                directory,
                /* port= */ 0);
      } catch (IOException | InterruptedException e) {
        edge.close();
        backend.close();
        throw e;
      }
      for (int i = 0;
          i < settings.mixes.stream().mapToInt(mix -> mix.senders).max().orElse(0);
          i++) {
        senders.add(Sender.Kind.GRPC.open(ports));
      }
      requests.forEach(
          (mix, numbered) ->
              loads.put(
                  mix, new Load(numbered, book, senders.subList(0, mix.senders), mix.first())));
    }

    /** Both have the same keys, and the defaults of the keys that are not there are the same. */
    private String edge(String exporter, String pipeline, ServerProcess.Ports ports) {
      return """
          receivers:
            otlp: {protocols: {grpc: {endpoint: "127.0.0.1:%d", max_recv_msg_size_mib: 64}}}
          exporters:
            kafka:
              %s
              brokers: ["%s"]
              traces: {topic: "%s"}
              partition_traces_by_id: true
              producer: {required_acks: -1, compression: %s, linger: 10ms, max_message_bytes: 1000000}
          service:
            telemetry: {metrics: {level: none}}
            pipelines:
              traces: {receivers: [otlp], exporters: [kafka]%s}
          """
          .formatted(
              ports.grpc(), exporter, broker.address(), topic, settings.compression, pipeline);
    }

    private String receiver(String marking) {
      return """
          receivers:
            kafka:
              brokers: ["%s"]
              traces: {topics: ["%s"]}
              group_id: "%s"
              initial_offset: earliest
              %s
          """
          .formatted(broker.address(), topic, topic, marking);
    }

    private String tallyspanCore() {
      return receiver("")
          + """
          processors: {tallyspan: {}}
          exporters:
            otlp_grpc: {endpoint: "127.0.0.1:%d", tls: {insecure: true}, compression: none}
          service:
            telemetry: {metrics: {level: none}}
            pipelines:
              traces: {receivers: [kafka], %sexporters: [otlp_grpc], queue: direct}
          """
              .formatted(
                  backend.grpcPort(), kind.work == Work.PRICES ? "processors: [tallyspan], " : "");
    }

    /** Commits, as the other does, when the backend has what was read. */
    private String collectorCore() throws IOException {
      ProcessorChain processors = ProcessorChain.read(settings.processors);
      return receiver("message_marking: {after: true}")
          + """
          exporters:
            otlp_grpc: {endpoint: "127.0.0.1:%d", tls: {insecure: true}, compression: none, sending_queue: {enabled: false}}
          service:
            telemetry: {metrics: {level: none}}
            pipelines:
              traces: {receivers: [kafka], processors: [%s], exporters: [otlp_grpc]}
          %s
          """
              .formatted(
                  backend.grpcPort(),
                  kind.work == Work.PRICES ? processors.chain() : "",
                  processors.yaml());
    }

    private MeasuredProcess start(String tier, String yaml, Path directory, int port)
        throws IOException, InterruptedException {
      Path own = Files.createDirectory(directory.resolve(kind + "-" + tier));
      Path config = Files.writeString(own.resolve("config.yaml"), yaml);
      List<String> command = new ArrayList<>();
      if (kind.peer == Peer.TALLYSPAN) {
        command.addAll(List.of(settings.tallyspan.toString(), "run"));
      } else {
        command.add(settings.collector.toString());
      }
      command.addAll(List.of("--config", config.toString()));
      // Classes are not kept, because keeping them takes time while others are measured.
      return MeasuredProcess.start(
          command,
          Map.of("TALLYSPAN_CACHE", "none"),
          own.resolve("log"),
          () -> port == 0 || MeasuredProcess.listens(port));
    }

    /** Sends all loads, one after the other; more often where code is compiled while it runs. */
    void warmUp() throws Exception {
      do {
        for (Load load : loads.values()) {
          // The first requests may take longer than a sender waits, if the machine has other work.
          load.saturate(settings.seconds, Long.MAX_VALUE, PATIENCE_SECONDS);
          awaitArrival();
        }
      } while (kind.peer == Peer.TALLYSPAN
          && Math.min(edge.cpuSeconds(), core.cpuSeconds()) < settings.warmup);
      System.err.printf(
          Locale.ROOT,
          "%s is warm after %d spans: edge %.0f s, core %.0f s%n",
          kind,
          book.delivered(),
          edge.cpuSeconds(),
          core.cpuSeconds());
    }

    /** Sends as fast as the responses come, and waits until everything has arrived. */
    Turn turn(Mix mix) throws Exception {
      double edgeBefore = edge.cpuSeconds();
      double coreBefore = core.cpuSeconds();
      double brokerBefore = broker.cpuSeconds();
      long stored = broker.bytes(topic);
      long before = book.delivered();
      Load.Result result = loads.get(mix).saturate(settings.seconds, Long.MAX_VALUE);
      awaitArrival();
      long spans = book.delivered() - before;
      if (spans == 0 || result.refused() + result.unknown() + result.givenUp() > 0) {
        throw failure("answers " + result.codes());
      }
      return new Turn(
          1e6 * (edge.cpuSeconds() - edgeBefore) / spans,
          1e6 * (core.cpuSeconds() - coreBefore) / spans,
          1e6 * (broker.cpuSeconds() - brokerBefore) / spans,
          (double) (broker.bytes(topic) - stored) / spans,
          edge.rss(),
          core.rss());
    }

    private void awaitArrival() throws Exception {
      if (!book.awaits(accepted(), ARRIVAL_SECONDS)) {
        throw failure("waited " + ARRIVAL_SECONDS + " s");
      }
    }

    private long accepted() {
      return loads.values().stream().mapToLong(Load::acceptedSpans).sum();
    }

    private IOException failure(String what) throws IOException {
      return new IOException(
          "%s: accepted %d, arrived %d; %s; log of the edge:%n%s%nlog of the core:%n%s"
              .formatted(kind, accepted(), book.delivered(), what, edge.log(), core.log()));
    }

    @Override
    public void close() throws IOException {
      senders.forEach(Sender::close);
      edge.close();
      core.close();
      backend.close();
    }
  }
}
