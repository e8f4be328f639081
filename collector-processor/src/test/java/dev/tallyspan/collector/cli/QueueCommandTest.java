package dev.tallyspan.collector.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import dev.tallyspan.collector.processor.LlmRequests;
import dev.tallyspan.collector.queue.LoggedDeadLetters;
import dev.tallyspan.collector.queue.log.CursorFile;
import dev.tallyspan.collector.queue.log.DurableLog;
import dev.tallyspan.collector.queue.log.LogEntry;
import dev.tallyspan.collector.queue.log.RequestLog;
import dev.tallyspan.collector.server.Storage;
import dev.tallyspan.collector.wire.Slices;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueueCommandTest {

  /** One resource with one scope with one empty span. */
  private static final byte[] SPAN = {0x0a, 0x04, 0x12, 0x02, 0x12, 0x00};

  private static final String OUTPUT = "traces:otlp_http/a";

  @TempDir private Path directory;
  private CommandRun last;
  private final List<byte[]> arrivals = new CopyOnWriteArrayList<>();
  private volatile int status = 200;
  private HttpServer backend;
  private Path data;
  private Path config;

  @BeforeEach
  void fillTheQueue() throws Exception {
    backend = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    backend.createContext(
        "/",
        exchange -> {
          try (InputStream body = exchange.getRequestBody()) {
            arrivals.add(body.readAllBytes());
          }
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    backend.start();
    data = directory.resolve("data");
    config = directory.resolve("collector.yaml");
    Files.writeString(
        config,
        """
        receivers:
          otlp: {protocols: {http: {endpoint: "127.0.0.1:0"}}}
        exporters:
          otlp_http/a: {endpoint: "http://127.0.0.1:%d", compression: none}
        storage: {directory: "%s"}
        service:
          pipelines:
            traces: {receivers: [otlp], exporters: [otlp_http/a]}
        """
            .formatted(backend.getAddress().getPort(), data));
    try (DurableLog log = DurableLog.builder(Storage.queue(data)).neighbour("dead/").open();
        DurableLog dead = DurableLog.builder(Storage.dead(data)).open()) {
      append(log, SPAN);
      append(log, SPAN);
      CursorFile.in(Storage.queue(data)).save(Map.of(OUTPUT, List.of(new long[] {0, 0})));
      CountDownLatch kept = new CountDownLatch(1);
      new LoggedDeadLetters(dead)
          .add(
              new LogEntry(
                  0,
                  1_790_000_000_000_000_000L,
                  Signal.TRACES,
                  1,
                  List.of("traces"),
                  Slices.of(SPAN)),
              OUTPUT,
              Outcome.refused(StatusCode.INVALID_ARGUMENT, "the backend answered HTTP 400"),
              done -> kept.countDown());
      kept.await();
    }
  }

  @AfterEach
  void stop() {
    backend.stop(0);
  }

  @Test
  void listShowsWhatWaitsAndTheDeadLettersByReason() {
    assertThat(run("list", "--data", data.toString())).isZero();

    assertThat(last.out().lines().map(line -> line.replaceAll(" +", " ")))
        .anySatisfy(line -> assertThat(line).startsWith(OUTPUT + " 1 1 6 2"))
        .contains(OUTPUT + " 1 1 INVALID_ARGUMENT: the backend answered HTTP 400");
  }

  @Test
  void showNamesTheOutputsThatARequestWaitsFor() {
    assertThat(run("show", "--config", config.toString())).isZero();

    List<String> lines = last.out().lines().toList();
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0)).endsWith("6 bytes  -");
    assertThat(lines.get(1)).endsWith("6 bytes  " + OUTPUT);
  }

  @Test
  void replaySendsEverythingThatIsKept() {
    assertThat(run("replay", "--config", config.toString(), "--to", "otlp_http/a")).isZero();

    assertThat(arrivals).containsExactly(SPAN, SPAN);
    assertThat(last.out()).startsWith("delivered 2 items");
  }

  @Test
  void replayDecidesAboutWholeTraces() throws Exception {
    Files.writeString(
        config,
        Files.readString(config)
            .replace("exporters:\n  otlp", "processors: {tallyspan: }\nexporters:\n  otlp")
            .replace("receivers: [otlp], exp", "receivers: [otlp], processors: [tallyspan], exp"));
    try (DurableLog log = DurableLog.builder(Storage.queue(data)).neighbour("dead/").open()) {
      append(log, LlmRequests.traces(LlmRequests.chat("2", "1", "gpt-4o")));
      append(log, LlmRequests.traces(LlmRequests.chat("1", "", "gpt-4o")));
    }

    assertThat(run("replay", "--config", config.toString(), "--to", "otlp_http/a")).isZero();

    assertThat(last.out()).startsWith("delivered 4 items");
    assertThat(arrivals)
        .filteredOn(body -> new String(body, StandardCharsets.ISO_8859_1).contains("duplicate_of"))
        .hasSize(1);
  }

  @Test
  void replaySendsDeadLettersByTheirTimeOfReceipt() {
    String to = "otlp_http/a";
    assertThat(run("replay", "dead", "--config", config.toString(), "--to", to, "--since", "1h"))
        .isZero();
    assertThat(arrivals).isEmpty();

    assertThat(
            run(
                "replay",
                "dead",
                "--config",
                config.toString(),
                "--to",
                to,
                "--since",
                "2026-09-21T00:00:00Z",
                "--until",
                "2026-09-22T00:00:00Z"))
        .isZero();
    assertThat(arrivals).containsExactly(SPAN);
  }

  @Test
  void replayReportsWhatTheBackendRefuses() {
    status = 400;

    assertThat(run("replay", "dead", "--config", config.toString(), "--to", "otlp_http/a"))
        .isEqualTo(1);

    assertThat(last.err()).startsWith("refused 1 items: INVALID_ARGUMENT");
  }

  @Test
  void dropGivesUpWhatWaitsForAnOutput() {
    assertThat(run("drop", "--config", config.toString(), "--output", OUTPUT)).isZero();

    run("show", "--config", config.toString());

    assertThat(last.out()).isEmpty();
  }

  @Test
  void dropGivesUpDeadLetters() {
    assertThat(run("drop", "--config", config.toString(), "dead")).isZero();
    assertThat(last.out()).startsWith("dropped 1 dead letters");

    run("show", "--config", config.toString(), "dead");

    assertThat(last.out()).isEmpty();
  }

  @Test
  void directoryInUseCannotBeChanged() throws Exception {
    try (DurableLog log = DurableLog.builder(Storage.dead(data)).open()) {
      assertThat(run("drop", "--config", config.toString(), "dead")).isEqualTo(2);
      assertThat(last.err()).contains("is in use by process");
      assertThat(run("show", "--config", config.toString(), "dead")).isZero();
      assertThat(log.end()).isEqualTo(1);
    }
  }

  @Test
  void directoryWithoutAQueueIsBadUsage() {
    assertThat(run("list", "--data", directory.toString())).isEqualTo(2);
    assertThat(last.err()).contains("no queue here");
  }

  private int run(String... args) {
    String[] all = new String[args.length + 1];
    all[0] = "queue";
    System.arraycopy(args, 0, all, 1, args.length);
    last = CommandRun.of(all);
    return last.exitCode();
  }

  private static void append(DurableLog log, byte[] body) throws Exception {
    CountDownLatch stored = new CountDownLatch(1);
    log.append(
        Signal.TRACES,
        1,
        List.of("traces"),
        Slices.of(body),
        new RequestLog.Appended() {
          @Override
          public void stored(long sequence) {
            stored.countDown();
          }

          @Override
          public void refused(Outcome.Refused why) {}
        });
    stored.await();
  }
}
