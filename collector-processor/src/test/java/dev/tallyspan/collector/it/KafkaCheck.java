package dev.tallyspan.collector.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The jar that users run between a real broker and a backend. Not a part of the build:
 *
 * <pre>mvn -Pkafka -pl collector-processor -am verify</pre>
 */
class KafkaCheck {

  private static final String JAR = System.getProperty("tallyspan.jar");

  /** Long, because machines are busy; what it waits for is usually there in seconds. */
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private static final int KILLS = 3;
  private static final int REQUEST = 10;

  private static final String EDGE =
      """
      receivers: {otlp: {protocols: {http: {endpoint: "127.0.0.1:HTTP"}}}}
      exporters:
        kafka:
          brokers: ["BROKER"]
          partition_traces_by_id: true
          producer: {compression: zstd}
      service:
        telemetry: {metrics: {level: none}}
        pipelines:
          traces: {receivers: [otlp], exporters: [kafka], queue: direct}
      """;

  private static final String CORE =
      """
      receivers:
        kafka: {brokers: ["BROKER"], group_id: core, initial_offset: earliest, session_timeout: 6s, heartbeat_interval: 1s}
      processors: {tallyspan: {}}
      exporters:
        otlp_http: {endpoint: "BACKEND", tls: {insecure: true}}
      service:
        telemetry: {metrics: {level: none}}
        pipelines:
          traces: {receivers: [kafka], processors: [tallyspan], exporters: [otlp_http], queue: QUEUE}
      """;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  private final HttpClient client = HttpClient.newHttpClient();
  private final List<JavaProcess> servers = new ArrayList<>();
  private KafkaBroker broker;
  private Backend backend;
  private int http;

  @BeforeEach
  void start() throws Exception {
    int[] ports = freePorts(3);
    http = ports[2];
    broker = KafkaBroker.start(directory.resolve("kafka"), ports);
    broker.createTopic("otlp_spans", 3);
    backend = new Backend();
  }

  @AfterEach
  void stop() {
    servers.forEach(JavaProcess::kill);
    if (backend != null) {
      backend.close();
    }
    if (broker != null) {
      broker.close();
    }
  }

  /** Held open together, so that they differ. */
  private static int[] freePorts(int count) throws Exception {
    List<ServerSocket> sockets = new ArrayList<>();
    int[] ports = new int[count];
    for (int i = 0; i < count; i++) {
      ServerSocket socket = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
      sockets.add(socket);
      ports[i] = socket.getLocalPort();
    }
    for (ServerSocket socket : sockets) {
      socket.close();
    }
    return ports;
  }

  private JavaProcess server(String name, String config, String... more) throws Exception {
    Path home = directory.resolve(name + "-" + servers.size());
    Files.createDirectories(home);
    Path file = home.resolve("collector.yaml");
    Files.writeString(
        file,
        config
            .replace("HTTP", Integer.toString(http))
            .replace("BROKER", broker.address())
            .replace("BACKEND", backend.httpEndpoint()));
    List<String> arguments = new ArrayList<>(List.of("-Xmx256m", "-jar", JAR, "run"));
    arguments.addAll(List.of("--config", file.toString()));
    arguments.addAll(List.of(more));
    JavaProcess server = JavaProcess.start(home, Map.of(), arguments.toArray(String[]::new));
    servers.add(server);
    return server;
  }

  /** Sends a request until it is accepted: the server starts, or the topic is not known yet. */
  private void send(ExportTraceServiceRequest request, JavaProcess server) {
    await("the edge takes a request")
        .atMost(PATIENCE)
        .until(
            () -> {
              if (!server.isAlive()) {
                throw new AssertionError(server.output());
              }
              return sent(request);
            });
  }

  private boolean sent(ExportTraceServiceRequest request) throws InterruptedException {
    try {
      return client
              .send(
                  HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http + "/v1/traces"))
                      .header("Content-Type", "application/x-protobuf")
                      .timeout(Duration.ofSeconds(30))
                      .POST(HttpRequest.BodyPublishers.ofByteArray(request.toByteArray()))
                      .build(),
                  HttpResponse.BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private static List<Span> spans(ExportTraceServiceRequest request) {
    return request.getResourceSpansList().stream()
        .flatMap(resource -> resource.getScopeSpansList().stream())
        .flatMap(scope -> scope.getSpansList().stream())
        .toList();
  }

  /** The spans that arrived, by name; the same as often as they arrived. */
  private Map<String, List<Span>> arrived() {
    return backend.spans().stream().collect(Collectors.groupingBy(Span::getName));
  }

  @Test
  void eachSpanPassesOnceAndIsPriced() throws Exception {
    JavaProcess edge = server("edge", EDGE);
    JavaProcess core = server("core", CORE.replace("QUEUE", "direct"));
    ExportTraceServiceRequest request = NumberedSpans.request(0, 60);

    // The first may be refused and sent again; then its spans are another's.
    send(NumberedSpans.request(1000, 1), edge);
    send(request, edge);

    Map<String, Span> sent = new HashMap<>();
    spans(request).forEach(span -> sent.put(span.getName(), span));
    await("all spans")
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(arrived().keySet()).as(core.output()).containsAll(sent.keySet()));
    Map<String, List<Span>> arrived = arrived();
    sent.forEach(
        (name, span) -> {
          assertThat(arrived.get(name)).as(name).hasSize(1);
          Span got = arrived.get(name).get(0);
          if (span.getAttributesCount() == 0) {
            assertThat(got.toByteString()).isEqualTo(span.toByteString());
          } else {
            assertThat(got.getAttributesList())
                .anyMatch(each -> each.getKey().equals("tallyspan.cost.total"));
          }
        });
    core.close();
    long committed =
        broker.committed("core").values().stream().mapToLong(each -> each.offset()).sum();
    // By trace: a record for each span.
    assertThat(committed).isGreaterThanOrEqualTo(61);
  }

  @Test
  void consumerThatIsKilledLosesNothing() throws Exception {
    killed("direct");
  }

  @Test
  void consumerWithAQueueOnDiskThatIsKilledLosesNothing() throws Exception {
    killed("durable", "--data", directory.resolve("data").toString());
  }

  private void killed(String queue, String... more) throws Exception {
    JavaProcess edge = server("edge", EDGE);
    String config = CORE.replace("QUEUE", queue);
    JavaProcess core = server("core", config, more);
    AtomicBoolean enough = new AtomicBoolean();
    CompletableFuture<Integer> sending =
        CompletableFuture.supplyAsync(
            () -> {
              int spans = 0;
              while (!enough.get()) {
                send(NumberedSpans.request(spans, REQUEST), edge);
                spans += REQUEST;
              }
              return spans;
            });
    try {
      for (int kills = 0; kills < KILLS; kills++) {
        int before = arrived().size();
        await("the core delivers")
            .atMost(PATIENCE)
            .until(() -> sending.isDone() || arrived().size() > before + 5 * REQUEST);
        core.kill();
        core = server("core", config, more);
      }
    } finally {
      enough.set(true);
    }
    int sent = sending.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    JavaProcess last = core;

    await("all spans")
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(arrived().size()).as(last.output()).isEqualTo(sent));
    System.out.printf(
        "%s: %d spans, killed %d times, %d delivered again%n",
        queue, sent, KILLS, backend.spans().size() - sent);
  }
}
