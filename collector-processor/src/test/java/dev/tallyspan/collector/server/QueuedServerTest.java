package dev.tallyspan.collector.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.config.ConfigLoader;
import dev.tallyspan.collector.queue.DeadLetter;
import dev.tallyspan.collector.queue.log.DurableLog;
import dev.tallyspan.collector.queue.log.LogEntry;
import dev.tallyspan.collector.queue.log.MasterKeys;
import dev.tallyspan.collector.queue.log.RequestLog;
import dev.tallyspan.collector.telemetry.OwnMetrics;
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
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server whose senders do not wait for the backends, over real sockets. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class QueuedServerTest {

  /** One resource with one scope with one empty span. */
  private static final byte[] SPAN = {0x0a, 0x04, 0x12, 0x02, 0x12, 0x00};

  /** A backend with two paths that can be told what to answer. */
  private static final class Backend {
    final HttpServer server;
    final List<byte[]> arrivals = new CopyOnWriteArrayList<>();
    volatile int status = 200;

    Backend() throws Exception {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            int answer;
            try (InputStream body = exchange.getRequestBody()) {
              byte[] bytes = body.readAllBytes();
              answer = status;
              if (answer == 200) {
                arrivals.add(bytes);
              }
            }
            exchange.sendResponseHeaders(answer, -1);
            exchange.close();
          });
      server.start();
    }

    int port() {
      return server.getAddress().getPort();
    }
  }

  @TempDir private Path directory;
  private final HttpClient client = HttpClient.newHttpClient();
  private Backend a;
  private Backend b;
  private CollectorServer server;
  private String storage = "";
  private OwnMetrics metrics;

  @BeforeEach
  void startBackends() throws Exception {
    a = new Backend();
    b = new Backend();
    metrics = OwnMetrics.create();
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close(Duration.ofSeconds(2));
    }
    metrics.close();
    a.server.stop(0);
    b.server.stop(0);
  }

  @Test
  void requestIsAcknowledgedWhileABackendIsDownAndDeliveredAfterARestart() throws Exception {
    a.status = 503;
    start("durable");
    assertThat(post()).isEqualTo(200);
    awaitDelivered("traces:otlp_http/b");
    server.close(Duration.ofSeconds(2));

    a.status = 200;
    start("durable");

    await().until(() -> a.arrivals.size() == 1);
    assertThat(a.arrivals.get(0)).isEqualTo(SPAN);
    assertThat(b.arrivals).hasSize(1);
  }

  @Test
  void whatABackendRefusesForGoodIsADeadLetter() throws Exception {
    a.status = 400;
    start("durable");

    assertThat(post()).isEqualTo(200);

    await().until(() -> deadLetters().size() == 1);
    DeadLetter dead = deadLetters().get(0);
    assertThat(dead.output()).isEqualTo("traces:otlp_http/a");
    assertThat(dead.reason()).startsWith("INVALID_ARGUMENT");
    assertThat(dead.entry().body().toByteArray()).isEqualTo(SPAN);
    await().until(() -> b.arrivals.size() == 1);
  }

  @Test
  void requestsInMemoryAreDeliveredBeforeTheServerCloses() throws Exception {
    start("memory");
    for (int i = 0; i < 20; i++) {
      assertThat(post()).isEqualTo(200);
    }

    server.close(Duration.ofSeconds(60));

    assertThat(a.arrivals).hasSize(20);
    assertThat(b.arrivals).hasSize(20);
  }

  @Test
  void requestsInMemoryThatCannotBeDeliveredAreLoggedAsLost() throws Exception {
    a.status = 503;
    List<String> messages = new CopyOnWriteArrayList<>();
    Logger logger = Logger.getLogger(Queues.class.getName());
    Handler handler =
        new ConsoleHandler() {
          @Override
          public void publish(LogRecord record) {
            messages.add(new SimpleFormatter().formatMessage(record));
          }
        };
    logger.addHandler(handler);
    try {
      start("memory");
      post();
      awaitDelivered("traces:otlp_http/b");
      server.close(Duration.ofMillis(100));

      assertThat(messages)
          .containsExactly("the queue in memory: 1 items were not delivered in time and are lost");
    } finally {
      logger.removeHandler(handler);
    }
  }

  @Test
  void everyScrapeBalances() throws Exception {
    a.status = 503;
    start("durable");
    for (int i = 0; i < 5; i++) {
      post();
    }
    await().until(() -> b.arrivals.size() == 5);

    assertThat(metrics.prometheusText())
        .containsPattern("tallyspan_storage_fsync_duration_seconds_count [1-5]");
    for (String output : List.of("traces:otlp_http/a", "traces:otlp_http/b")) {
      await()
          .untilAsserted(
              () -> {
                String text = metrics.prometheusText();
                assertThat(state(text, output, "received")).isEqualTo(5);
                assertThat(
                        state(text, output, "delivered")
                            + state(text, output, "dead")
                            + state(text, output, "lost")
                            + value(text, "tallyspan_queue_queued_items", output, ""))
                    .isEqualTo(5);
              });
    }
  }

  @Test
  void encryptedQueueHoldsNothingReadable() throws Exception {
    a.status = 503;
    Path key = directory.resolve("keys");
    Files.writeString(key, "k1:" + Base64.getEncoder().encodeToString(new byte[32]));
    storage = ", encryption: {key_file: " + key + "}";
    start("durable");
    assertThat(post()).isEqualTo(200);

    assertThat(containsSpan(Storage.queue(directory.resolve("data")))).isFalse();
  }

  @Test
  void plainQueueHoldsTheRequestAsItWasReceived() throws Exception {
    a.status = 503;
    start("durable");
    assertThat(post()).isEqualTo(200);

    assertThat(containsSpan(Storage.queue(directory.resolve("data")))).isTrue();
  }

  private static boolean containsSpan(Path log) throws Exception {
    String span = new String(SPAN, StandardCharsets.ISO_8859_1);
    try (Stream<Path> files = Files.list(log)) {
      for (Path file : files.filter(it -> it.toString().endsWith(".segment")).toList()) {
        if (Files.readString(file, StandardCharsets.ISO_8859_1).contains(span)) {
          return true;
        }
      }
    }
    return false;
  }

  @Test
  void directoryThatIsInUseIsAnErrorInOneLine() throws Exception {
    start("durable");

    assertThatThrownBy(() -> CollectorServer.builder(config("durable")).start())
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("is in use by process");
  }

  private void start(String mode) throws Exception {
    server = CollectorServer.builder(config(mode)).meter(metrics.meter("test")).start();
  }

  private CollectorConfig config(String mode) throws Exception {
    String yaml =
        """
        receivers:
          otlp: {protocols: {http: {endpoint: "127.0.0.1:0"}}}
        exporters:
          otlp_http/a: {endpoint: "http://127.0.0.1:%d", compression: none, retry_on_failure: {initial_interval: 10ms, max_interval: 20ms}}
          otlp_http/b: {endpoint: "http://127.0.0.1:%d", compression: none}
        storage: {directory: "%s"%s}
        service:
          pipelines:
            traces: {receivers: [otlp], exporters: [otlp_http/a, otlp_http/b], queue: %s}
        """
            .formatted(a.port(), b.port(), directory.resolve("data"), storage, mode);
    Path file = directory.resolve("collector.yaml");
    Files.writeString(file, yaml);
    return ConfigLoader.load(file, Map.of());
  }

  private int post() throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + server.httpPort("otlp") + "/v1/traces");
    return client
        .send(
            HttpRequest.newBuilder(uri)
                .header("content-type", "application/x-protobuf")
                .POST(HttpRequest.BodyPublishers.ofByteArray(SPAN))
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  private List<DeadLetter> deadLetters() throws Exception {
    List<DeadLetter> letters = new ArrayList<>();
    try (RequestLog.Reader reader =
        DurableLog.openReadOnly(Storage.dead(directory.resolve("data")), MasterKeys.NONE)
            .reader(0)) {
      for (LogEntry entry = reader.next(); entry != null; entry = reader.next()) {
        letters.add(DeadLetter.of(entry));
      }
    }
    return letters;
  }

  /** Waits until a request has left the queue for good; the backend has it before. */
  private void awaitDelivered(String output) {
    await().until(() -> state(metrics.prometheusText(), output, "delivered") == 1);
  }

  private static long state(String text, String output, String state) {
    return value(text, "tallyspan_queue_items_total", output, "state=\"" + state + "\"");
  }

  private static long value(String text, String name, String output, String and) {
    return text.lines()
        .filter(line -> line.startsWith(name + "{"))
        .filter(line -> line.contains("output=\"" + output + "\"") && line.contains(and))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf('}') + 2)))
        .findFirst()
        .orElseThrow();
  }
}
