package dev.tallyspan.collector.it;

import static dev.tallyspan.collector.it.KafkaTiers.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Cores that are killed and added, and a broker that is down, under load. Starts the jar that users
 * run around a real broker. Not a part of the build:
 *
 * <pre>mvn -Pkafka -pl collector-processor -am verify -Dkafka.kills=30 -Dkafka.outage=60</pre>
 */
class KafkaCampaign {

  /* What this proves, and what it does not

  A trace is split if several processes delivered some of it, and none all of it, or one of them its
  agent with the sums over some of its calls: its partition moved, or its core was killed, while it was
  open, or was read again afterwards. Of every other trace, the sums must be right. When the group has
  come to rest, no trace may be split any more. Cores wait longer for the calls of an agent than by
  default, because threads of a busy machine may rest for a second.

  Each core has a queue on its own disk, which whole traces need, and starts again with it. The ledger
  is that of one server behind the cores, so a call that two cores deliver arrives there twice.

  SIGKILL leaves the operating system alive, so a missing fsync is not found, neither of a core nor of
  the broker. There is one broker: its replication is not tried. */

  private static final int KILLS = Integer.getInteger("kafka.kills", 2);
  private static final int SECONDS = Integer.getInteger("kafka.seconds", 8);
  private static final int OUTAGE_SECONDS = Integer.getInteger("kafka.outage", 8);
  private static final int PER_SECOND = Integer.getInteger("kafka.rate", 100);

  private static final int CORES = 3;
  private static final int PARTITIONS = 12;
  private static final int TRACES = 5;

  /** Traces that are sent after the group has come to rest. */
  private static final int CALM_TRACES = 200;

  private static final String EDGE =
      """
      receivers:
        otlp:
          protocols:
            grpc: {endpoint: "127.0.0.1:${env:GRPC}"}
            http: {endpoint: "127.0.0.1:${env:HTTP}"}
      exporters:
        kafka:
          brokers: ["${env:BROKER}"]
          partition_traces_by_id: true
          retry_on_failure: {initial_interval: 1s, max_interval: 2s}
      service:
        telemetry: {metrics: {level: none}}
        pipelines:
          traces: {receivers: [otlp], exporters: [kafka], queue: QUEUE}
      """;

  private static final String CORE =
      """
      receivers:
        kafka:
          brokers: ["${env:BROKER}"]
          group_id: core
          initial_offset: earliest
          session_timeout: 6s
          heartbeat_interval: 1s
      processors: {tallyspan: {window: {wait_after_root: 3s}}}
      exporters:
        otlp_http: {endpoint: "SINK", tls: {insecure: true}}
        otlp_http/accounts: {endpoint: "http://127.0.0.1:${env:ACCOUNTS}"}
      service:
        telemetry: {metrics: {level: none}}
        pipelines:
          traces: {receivers: [kafka], processors: [tallyspan], exporters: EXPORTERS, queue: durable}
      """;

  private static final String ACCOUNTS =
      """
      receivers: {otlp: {protocols: {http: {endpoint: "127.0.0.1:${env:ACCOUNTS}"}}}}
      processors: {tallyspan: {window: false}}
      exporters: {otlp_http: {endpoint: "SINK", tls: {insecure: true}}}
      ledger: {}
      service:
        telemetry: {metrics: {level: none}}
        pipelines:
          traces: {receivers: [otlp], processors: [tallyspan], exporters: [otlp_http], queue: durable}
      """;

  /** A core and how often it was started. */
  private static final class Core {
    private final int number;
    private int starts;
    private JavaProcess process;

    Core(int number) {
      this.number = number;
    }
  }

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  private final Random random = new Random();
  private final int grpc = Ports.free(random);
  private final int http = Ports.free(random);
  private final List<Core> cores = new ArrayList<>();
  private KafkaBroker broker;
  private KafkaTiers tiers;

  /** Of the cores, and apart from it that of the server with the ledger. */
  private TraceSink sink;

  private TraceSink accountsSink;
  private JavaProcess edge;

  @BeforeEach
  void start() throws Exception {
    sink = new TraceSink();
    accountsSink = new TraceSink();
    broker = KafkaBroker.start(directory.resolve("kafka"), random);
    broker.createTopic("otlp_spans", PARTITIONS);
    tiers = new KafkaTiers(directory, broker.environment());
    tiers.set("GRPC", grpc);
    tiers.set("HTTP", http);
    tiers.set("ACCOUNTS", Ports.free(random));
  }

  @AfterEach
  void stop() {
    if (tiers != null) {
      tiers.close();
    }
    if (broker != null) {
      broker.close();
    }
    for (TraceSink each : new TraceSink[] {sink, accountsSink}) {
      if (each != null) {
        each.close();
      }
    }
  }

  @Test
  void coresThatAreKilledAndAddedLoseNothingAndBillNothingTwice() throws Exception {
    Path ledger = directory.resolve("accounts");
    tiers.server(
        "accounts",
        ACCOUNTS.replace("SINK", accountsSink.url("accounts")),
        "--data",
        ledger.toString());
    edge = tiers.server("edge", EDGE.replace("QUEUE", "direct"));
    for (int i = 0; i < CORES; i++) {
      add();
    }
    awaitRest();
    int calm;
    int sent;
    try (Traces load = new Traces()) {
      for (int kill = 0; kill < KILLS; kill++) {
        runFor(SECONDS);
        restart(cores.get(kill % CORES));
        if (kill == KILLS / 2) {
          add();
        }
      }
      // A machine that is busy for too long moves partitions by itself: then they are awaited
      // again.
      Map<String, Set<TopicPartition>> before;
      do {
        before = awaitRest();
        calm = load.next();
        int enough = calm + CALM_TRACES;
        await("traces are sent").atMost(PATIENCE).until(() -> load.next() > enough);
        load.finish();
        sent = load.sent();
        awaitDelivery(sent);
      } while (!broker.assignment("core").equals(before) && load.again());
    }

    List<Integer> split = sink.split();
    long duplicates = sink.deliveries() - sink.spans();
    String calls = sent * NumberedTraces.CALLS + "," + sent * NumberedTraces.CALLS;
    String tokens = "," + inputTokens(sent);
    await("the ledger")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(() -> assertThat(query(ledger)).contains(calls + tokens));
    print(
        "%,d spans in %,d traces; %d kills, 1 core added: 0 lost, %,d delivered again, %,d traces"
            + " split, the last of them %,d before the group was at rest; ledger (rows, calls,"
            + " tokens): %s",
        sink.spans(),
        sent,
        KILLS,
        duplicates,
        split.size(),
        split.isEmpty() ? 0 : calm - split.get(split.size() - 1),
        calls + tokens);
    assertThat(sink.damaged()).isEmpty();
    assertThat(sink.wrong()).as("whole traces with wrong sums").isEmpty();
    int rest = calm;
    assertThat(split).as("split after the group was at rest").allMatch(each -> each < rest);
  }

  @Test
  void edgeAcceptsWhileTheBrokerIsDownAndDeliversAfterwards() throws Exception {
    SequenceBook book = new SequenceBook(1);
    try (BitmapSink backend = new BitmapSink(0, Ports.free(random), book, random.nextLong())) {
      backend.reliable();
      edge =
          tiers.server(
              "edge",
              EDGE.replace("QUEUE", "durable"),
              "--data",
              directory.resolve("edge").toString());
      JavaProcess core =
          tiers.server(
              "core",
              CORE.replace("SINK", backend.url()).replace("EXPORTERS", "[otlp_http]"),
              "--data",
              directory.resolve("core").toString());
      await("the edge")
          .atMost(PATIENCE)
          .failFast(() -> assertThat(edge.isAlive()).as(edge::output).isTrue())
          .until(() -> edge.output().contains("Forwarding with"));
      Load load = new Load(grpc, http, PER_SECOND, book, random.nextLong());
      int during;
      int refused;
      try {
        await("delivery")
            .atMost(PATIENCE)
            .failFast(() -> assertThat(core.isAlive()).as(core::output).isTrue())
            .until(() -> book.acknowledged() > 0 && book.missing() < book.acknowledged());
        broker.kill();
        int before = book.acknowledged();
        int refusedBefore = book.refused();
        runFor(OUTAGE_SECONDS);
        during = book.acknowledged() - before;
        // Some are on their way, before and after.
        refused = Math.max(0, book.refused() - refusedBefore);
        broker.restart();
      } finally {
        load.close();
      }
      await("all spans")
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(book.missing()).as(edge.output() + core.output()).isZero());
      print(
          "broker down for %d s: %,d spans accepted during it, %,d not; %s",
          OUTAGE_SECONDS, during, refused, book);
      assertThat(during).isPositive();
      assertThat(refused).isLessThanOrEqualTo(during / 10);
      assertThat(book.damaged()).isEmpty();
    }
  }

  private void add() throws IOException {
    Core core = new Core(cores.size() + 1);
    cores.add(core);
    startCore(core);
  }

  private void restart(Core core) throws IOException {
    core.process.kill();
    startCore(core);
  }

  private void startCore(Core core) throws IOException {
    String name = "core-" + core.number + "-" + ++core.starts;
    core.process =
        tiers.server(
            name,
            CORE.replace("SINK", sink.url(name))
                .replace("EXPORTERS", "[otlp_http, otlp_http/accounts]"),
            "--data",
            directory.resolve("core-" + core.number).toString());
  }

  /** Waits until each core has its share of the partitions, and returns who has which. */
  private Map<String, Set<TopicPartition>> awaitRest() {
    return await("the group comes to rest")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> broker.assignment("core"),
            assignment ->
                assignment.size() == cores.size()
                    && assignment.values().stream()
                        .allMatch(each -> each.size() == PARTITIONS / cores.size()));
  }

  private void awaitDelivery(int traces) {
    await("all traces")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(
            () -> {
              for (Core each : cores) {
                assertThat(each.process.isAlive()).as(each.process::output).isTrue();
              }
              assertThat(sink.complete()).isEqualTo(traces);
            });
  }

  private void runFor(int seconds) throws InterruptedException {
    assertThat(edge.endsWithin(1000L * seconds)).as(edge::output).isFalse();
  }

  private static long inputTokens(int traces) {
    long tokens = 0;
    for (int trace = 1; trace <= traces; trace++) {
      tokens += NumberedTraces.inputTokens(trace);
    }
    return tokens;
  }

  private List<String> query(Path data) throws Exception {
    try (JavaProcess command =
        JavaProcess.start(
            directory.resolve("query"),
            Map.of(),
            "-jar",
            System.getProperty("tallyspan.jar"),
            "ledger",
            "query",
            "--data",
            data.toString(),
            "--format",
            "csv",
            "SELECT count(*), count(DISTINCT trace_id || span_id), sum(input_tokens) FROM calls")) {
      command.finish();
      return command.output().lines().toList();
    }
  }

  private static void print(String format, Object... values) {
    System.out.println("kafka campaign: " + String.format(Locale.ROOT, format, values));
  }

  /** Sends traces, each in two requests, and each request until it is accepted. */
  private final class Traces implements AutoCloseable {
    private static final int CLIENTS = 4;

    private final AtomicInteger next = new AtomicInteger(1);
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopped;

    Traces() {
      begin();
    }

    private void begin() {
      stopped = false;
      for (int i = 0; i < CLIENTS; i++) {
        Thread thread = new Thread(this::run, "traces-" + i);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
      }
    }

    private void run() {
      // Two requests a turn.
      long interval = Duration.ofSeconds(1).toNanos() * 2 * CLIENTS / PER_SECOND;
      long due = System.nanoTime();
      while (!stopped) {
        int first = next.getAndAdd(TRACES);
        tiers.send(NumberedTraces.beginning(first, TRACES), edge, http);
        tiers.send(NumberedTraces.end(first, TRACES), edge, http);
        due = Math.max(due + interval, System.nanoTime());
        LockSupport.parkNanos(due - System.nanoTime());
      }
    }

    /** The number of the next trace. */
    int next() {
      return next.get();
    }

    /** Returns how many traces were sent. Not while it sends. */
    int sent() {
      return next.get() - 1;
    }

    /** Sends what it has begun, and no more. */
    void finish() throws InterruptedException {
      stopped = true;
      for (Thread each : threads) {
        each.join();
      }
      threads.clear();
    }

    boolean again() {
      begin();
      return true;
    }

    @Override
    public void close() {
      stopped = true;
    }
  }
}
