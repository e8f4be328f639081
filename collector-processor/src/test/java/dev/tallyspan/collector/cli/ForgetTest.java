package dev.tallyspan.collector.cli;

import static dev.tallyspan.collector.processor.LlmRequests.attribute;
import static dev.tallyspan.collector.processor.LlmRequests.chat;
import static dev.tallyspan.collector.processor.LlmRequests.span;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpServer;
import dev.tallyspan.collector.config.ConfigLoader;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import dev.tallyspan.collector.output.recent.RecentOutput;
import dev.tallyspan.collector.output.recent.RecentTraces;
import dev.tallyspan.collector.output.recent.StoredTraces;
import dev.tallyspan.collector.output.recent.TraceViews;
import dev.tallyspan.collector.processor.LlmRequests;
import dev.tallyspan.collector.queue.LoggedDeadLetters;
import dev.tallyspan.collector.queue.log.DurableLog;
import dev.tallyspan.collector.queue.log.LogEntry;
import dev.tallyspan.collector.queue.log.MasterKeys;
import dev.tallyspan.collector.server.CollectorServer;
import dev.tallyspan.collector.server.Storage;
import dev.tallyspan.collector.wire.Slices;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole server whose backend, ledger, viewer and queue have what a person did. */
class ForgetTest {

  /** Of calls of Ada and Bob, and of a span of Ada that is not a call. */
  private static final String CALL = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

  private static final String OTHER_CALL = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
  private static final String PAGE = "cccccccccccccccccccccccccccccccc";

  private static final String OUTPUT = "traces:otlp_http/backend";

  @TempDir private Path directory;
  private HttpServer backend;
  private volatile int status = 200;
  private Path data;
  private Path config;
  private RecentOutput viewer;
  private TraceViews views;

  @BeforeEach
  void configure() throws Exception {
    backend = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    backend.createContext(
        "/",
        exchange -> {
          try (InputStream body = exchange.getRequestBody()) {
            body.readAllBytes();
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
        processors:
          tallyspan: {window: {wait: 20ms, wait_after_root: 20ms}}
        exporters:
          otlp_http/backend: {endpoint: "http://127.0.0.1:%d", compression: none}
        storage: {directory: "%s", retain: {max_age: 1h}}
        ledger:
        service:
          pipelines:
            traces: {receivers: [otlp], processors: [tallyspan], exporters: [otlp_http/backend]}
        """
            .formatted(backend.getAddress().getPort(), data));
    openViewer();
  }

  private void openViewer() throws IOException {
    RecentTraces traces = RecentTraces.builder().build();
    StoredTraces stored = StoredTraces.open(StoredTraces.directory(data), traces, MasterKeys.NONE);
    viewer = RecentOutput.start(traces, /* policy= */ null, stored);
    views = new TraceViews(traces, viewer::skippedSpans, InstantSource.system());
  }

  @AfterEach
  void stop() {
    viewer.close();
    backend.stop(0);
  }

  @Test
  void personIsRemovedEverywhereWhileTheServerRuns() throws Exception {
    try (CollectorServer server = start()) {
      post(server, in(CALL, ada(chat("1", "", "gpt-4o"))), in(CALL, tool("2", "1")));
      post(server, in(OTHER_CALL, bob(chat("3", "", "gpt-4o"))));
      post(server, in(PAGE, ada(span("4", "", "GET /orders/of-ada"))));
      eventually(() -> assertThat(calls()).containsExactly("ada", "bob"));
      eventually(() -> assertThat(shown()).contains(CALL, OTHER_CALL, PAGE));
      eventually(() -> assertThat(waiting()).isZero());
      assertThat(onDisk()).contains("answer of ada", "of-ada", "answer of bob");

      CommandRun run = forget("--user", "ada");

      assertThat(run.lines())
          .as(run.err())
          .containsExactly(
              "removed 1 call in 1 trace from the ledger",
              "removed 2 delivered requests from the queue",
              "removed 0 items from 0 dead letters",
              "removed 2 traces with 3 spans from the viewer",
              "removed 2 traces of the viewer from the disk");
      assertThat(run.exitCode()).isZero();
      isForgotten();
      assertThat(shown()).contains(OTHER_CALL).doesNotContain(CALL, PAGE);
    }
    isForgotten();
    viewer.close();
    openViewer();
    try (CollectorServer again = start()) {
      eventually(() -> assertThat(shown()).contains(OTHER_CALL));
      assertThat(shown()).doesNotContain(CALL, PAGE);
      post(again, in(OTHER_CALL, bob(chat("5", "3", "gpt-4o"))));
      eventually(() -> assertThat(calls()).containsExactly("bob", "bob"));
      isForgotten();
    }
  }

  @Test
  void whatWaitsForABackendIsRemovedWhenItIsDelivered() throws Exception {
    status = 503;
    try (CollectorServer server = start()) {
      post(server, in(CALL, ada(chat("1", "", "gpt-4o"))));
      eventually(() -> assertThat(calls()).containsExactly("ada"));

      CommandRun run = forget("--session", "trip-of-ada");

      assertThat(run.lines())
          .contains(
              "removed 1 call in 1 trace from the ledger",
              "removed 0 delivered requests from the queue",
              "1 request in the queue must still be delivered to backends, and will be removed"
                  + " then; the ledger and the viewer leave them out");
      assertThat(calls()).isEmpty();
      assertThat(onDisk()).contains("answer of ada");
    }
    status = 200;
    try (CollectorServer again = start()) {
      eventually(() -> assertThat(onDisk()).doesNotContain("answer of ada"));
      assertThat(again.isHealthy()).isTrue();
      eventually(() -> assertThat(waiting()).isZero());
      assertThat(calls()).isEmpty();
    }
  }

  @Test
  void callOfAForgottenTraceDoesNotEnterTheLedgerLater() throws Exception {
    try (CollectorServer server = start()) {
      post(server, in(CALL, ada(chat("1", "", "gpt-4o"))));
      eventually(() -> assertThat(calls()).containsExactly("ada"));
      forget("--trace", CALL.toUpperCase(java.util.Locale.ROOT));

      post(server, in(CALL, ada(chat("2", "1", "gpt-4o"))));
      post(server, in(OTHER_CALL, bob(chat("3", "", "gpt-4o"))));

      eventually(() -> assertThat(calls()).contains("bob"));
      eventually(() -> assertThat(shown()).contains(OTHER_CALL));
      eventually(() -> assertThat(waiting()).isZero());
      assertThat(calls()).containsExactly("bob");
      assertThat(shown()).doesNotContain(CALL);
    }
  }

  @Test
  void deadLettersKeepWhatOthersNeed() throws Exception {
    DurableLog.builder(Storage.queue(data)).neighbour("dead/").open().close();
    try (DurableLog dead = DurableLog.builder(Storage.dead(data)).open()) {
      byte[] request =
          LlmRequests.traces(
              in(CALL, ada(chat("1", "", "gpt-4o"))), in(OTHER_CALL, bob(chat("2", "", "gpt-4o"))));
      CountDownLatch kept = new CountDownLatch(1);
      new LoggedDeadLetters(dead)
          .add(
              new LogEntry(
                  0,
                  1_790_000_000_000_000_000L,
                  Signal.TRACES,
                  2,
                  List.of("traces"),
                  Slices.of(request)),
              OUTPUT,
              Outcome.refused(StatusCode.INVALID_ARGUMENT, "no"),
              done -> kept.countDown());
      kept.await();
    }

    viewer.close();

    CommandRun run = forget("--user", "ada");

    assertThat(run.lines())
        .as(run.err())
        .containsExactly(
            "removed 0 delivered requests from the queue",
            "removed 1 item from 1 dead letter",
            "removed 0 traces of the viewer from the disk");
    assertThat(onDisk()).doesNotContain("answer of ada").contains("answer of bob");
    List<Integer> items = new ArrayList<>();
    DurableLog.openReadOnly(Storage.dead(data), MasterKeys.NONE)
        .forEach(entry -> items.add(entry.items()));
    assertThat(items).containsExactly(1);
  }

  @Test
  void directoryWithNothingInItIsNamed() {
    data = directory.resolve("other");

    CommandRun run = forget("--user", "ada");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .contains(data + ": nothing is kept here; name the data directory with --data");
  }

  private CollectorServer start() throws Exception {
    return CollectorServer.builder(ConfigLoader.load(config, Map.of())).also(viewer).start();
  }

  private void isForgotten() throws Exception {
    assertThat(onDisk()).doesNotContain("answer of ada", "of-ada").contains("answer of bob");
    assertThat(calls()).isNotEmpty().containsOnly("bob");
  }

  private CommandRun forget(String... who) {
    return run("forget", who);
  }

  private List<String> calls() {
    CommandRun run = run("query", "--format", "csv", "SELECT user_id FROM calls ORDER BY user_id");
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.lines().subList(1, run.lines().size());
  }

  private String shown() {
    return new String(views.traces("", 0, 100), StandardCharsets.UTF_8);
  }

  /** The requests that wait for an output. */
  private int waiting() {
    CommandRun run = CommandRun.of("queue", "list", "--data", data.toString());
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.lines().stream()
        .skip(1)
        .mapToInt(line -> Integer.parseInt(line.split(" +")[1]))
        .sum();
  }

  /** The bytes of all requests and traces that are on disk. */
  private String onDisk() {
    // The server may remove a file between its being found and its being read.
    return await().ignoreExceptions().until(this::segments, it -> true);
  }

  private String segments() throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file :
          files.filter(it -> it.getFileName().toString().endsWith(".segment")).toList()) {
        all.append(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    return all.toString();
  }

  private static void eventually(ThrowingRunnable assertion) {
    await().atMost(Duration.ofSeconds(60)).untilAsserted(assertion);
  }

  private static Span.Builder in(String traceId, Span.Builder span) {
    return span.setTraceId(ByteString.copyFrom(HexFormat.of().parseHex(traceId)));
  }

  private static Span.Builder ada(Span.Builder span) {
    return of("ada", span);
  }

  private static Span.Builder bob(Span.Builder span) {
    return of("bob", span);
  }

  private static Span.Builder of(String user, Span.Builder span) {
    return span.addAttributes(attribute("user.id", user))
        .addAttributes(attribute("session.id", "trip-of-" + user))
        .addAttributes(attribute("gen_ai.output.messages", "answer of " + user));
  }

  /** Says nothing of its user. */
  private static Span.Builder tool(String id, String parent) {
    return span(id, parent, "execute_tool lookup")
        .addAttributes(attribute("gen_ai.operation.name", "execute_tool"));
  }

  private static void post(CollectorServer server, Span.Builder... spans) throws Exception {
    HttpResponse<byte[]> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.httpPort("otlp") + "/v1/traces"))
                    .header("content-type", "application/x-protobuf")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(LlmRequests.traces(spans)))
                    .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    assertThat(response.statusCode()).isEqualTo(200);
  }

  private CommandRun run(String command, String... args) {
    List<String> all = new ArrayList<>(List.of("ledger", command, "--data", data.toString()));
    all.addAll(List.of(args));
    return CommandRun.of(all.toArray(new String[0]));
  }
}
