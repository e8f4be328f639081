package dev.tallyspan.collector.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.config.ConfigLoader;
import dev.tallyspan.collector.telemetry.OwnMetrics;
import java.io.DataInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A new configuration takes the place of the one that runs, over real sockets. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReplacedConfigTest {

  /** One resource with one scope with one empty span. */
  private static final byte[] SPAN = {0x0a, 0x04, 0x12, 0x02, 0x12, 0x00};

  @TempDir private Path directory;
  private final OwnMetrics metrics = OwnMetrics.create();
  private final AtomicInteger arrivedAtA = new AtomicInteger();
  private final AtomicInteger arrivedAtB = new AtomicInteger();
  private HttpServer a;
  private HttpServer b;
  private CollectorServer server;

  @BeforeEach
  void start() throws Exception {
    a = backend(arrivedAtA);
    b = backend(arrivedAtB);
  }

  private static HttpServer backend(AtomicInteger arrived) throws Exception {
    HttpServer backend =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    backend.createContext(
        "/",
        exchange -> {
          try (InputStream body = exchange.getRequestBody()) {
            body.readAllBytes();
          }
          arrived.incrementAndGet();
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    backend.start();
    return backend;
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close(Duration.ofSeconds(2));
    }
    metrics.close();
    a.stop(0);
    b.stop(0);
  }

  private CollectorConfig config(HttpServer backend, String queue, String receiver)
      throws Exception {
    Path file = directory.resolve("collector.yaml");
    Files.writeString(
        file,
        """
        receivers: {otlp: {protocols: {%s}}}
        processors: {tallyspan: }
        exporters: {otlp_http: {endpoint: "http://127.0.0.1:%d"}}
        storage: {directory: "%s"}
        service:
          pipelines:
            traces: {receivers: [otlp], processors: [tallyspan], exporters: [otlp_http], queue: %s}
        """
            .formatted(receiver, backend.getAddress().getPort(), directory.resolve("data"), queue));
    return ConfigLoader.load(file, Map.of());
  }

  private CollectorConfig config(HttpServer backend, String queue) throws Exception {
    return config(backend, queue, "http: {endpoint: \"127.0.0.1:0\"}");
  }

  private void start(CollectorConfig config) throws Exception {
    server = CollectorServer.builder(config).meter(metrics.meter("test")).start();
  }

  private Socket connect() throws Exception {
    return new Socket(InetAddress.getLoopbackAddress(), server.httpPort("otlp"));
  }

  /** Sends a span on a connection that stays open. Returns the status. */
  private static int post(Socket connection) throws Exception {
    OutputStream out = connection.getOutputStream();
    out.write(
        ("POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-protobuf\r\n"
                + "content-length: "
                + SPAN.length
                + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII));
    out.write(SPAN);
    DataInputStream in = new DataInputStream(connection.getInputStream());
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.readUnsignedByte());
    }
    String lower = head.toString().toLowerCase(java.util.Locale.ROOT);
    int length = lower.indexOf("content-length: ");
    if (length >= 0) {
      in.skipNBytes(Integer.parseInt(lower.substring(length + 16, lower.indexOf("\r\n", length))));
    }
    return Integer.parseInt(head.substring(9, 12));
  }

  @Test
  void aConnectionStaysAndItsNextRequestGoesTheNewWay() throws Exception {
    start(config(a, "direct"));
    try (Socket connection = connect()) {
      assertThat(post(connection)).isEqualTo(200);

      server.replace(config(b, "direct"));

      assertThat(post(connection)).isEqualTo(200);
    }
    assertThat(arrivedAtA).hasValue(1);
    assertThat(arrivedAtB).hasValue(1);
  }

  @Test
  void underLoadNothingIsRefusedOrLost() throws Exception {
    start(config(a, "durable"));
    AtomicInteger acknowledged = new AtomicInteger();
    AtomicInteger refused = new AtomicInteger();
    ExecutorService senders = Executors.newFixedThreadPool(3);
    List<Future<?>> sending = new ArrayList<>();
    for (int sender = 0; sender < 3; sender++) {
      sending.add(
          senders.submit(
              () -> {
                try (Socket connection = connect()) {
                  for (int i = 0; i < 150; i++) {
                    (post(connection) == 200 ? acknowledged : refused).incrementAndGet();
                  }
                }
                return null;
              }));
    }
    for (int change = 0; change < 4; change++) {
      int before = acknowledged.get();
      await().until(() -> acknowledged.get() >= Math.min(before + 20, 450));
      server.replace(config(change % 2 == 0 ? b : a, "durable"));
    }
    for (Future<?> each : sending) {
      each.get();
    }
    senders.shutdown();

    assertThat(refused).hasValue(0);
    assertThat(acknowledged).hasValue(450);
    await().until(() -> arrivedAtA.get() + arrivedAtB.get() >= 450);
    assertThat(arrivedAtB).hasPositiveValue();
  }

  @Test
  void aConfigurationThatCannotListenLeavesTheOldOneRunning() throws Exception {
    start(config(a, "direct"));
    int port = server.httpPort("otlp");
    CollectorConfig old = config(a, "direct", "http: {endpoint: \"127.0.0.1:" + port + "\"}");
    server.close();
    start(old);
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CollectorConfig next =
          config(b, "direct", "http: {endpoint: \"127.0.0.1:" + taken.getLocalPort() + "\"}");

      assertThatThrownBy(() -> server.replace(next))
          .hasMessageStartingWith("receivers.otlp.protocols.http.endpoint");
    }
    assertThat(server.config()).isEqualTo(old);
    try (Socket connection = connect()) {
      assertThat(post(connection)).isEqualTo(200);
    }
    assertThat(arrivedAtA).hasValue(1);
  }

  @Test
  void aReceiverWithAnotherConfigurationListensAnew() throws Exception {
    start(config(a, "direct"));
    server.replace(config(a, "direct", "grpc: {endpoint: \"127.0.0.1:0\"}"));

    assertThat(server.httpPort("otlp")).isEqualTo(-1);
    assertThat(server.grpcPort("otlp")).isPositive();
  }

  @Test
  void whatAProcessorHasCountedStays() throws Exception {
    start(config(a, "direct"));
    try (Socket connection = connect()) {
      post(connection);
      server.replace(config(b, "direct"));
      post(connection);
    }

    assertThat(metrics.prometheusText())
        .contains(
            "otelcol_processor_incoming_items_total{otel_signal=\"traces\",processor=\"tallyspan\"} 2");
  }

  @Test
  void metricsHaveOneSeriesAfterwards() throws Exception {
    start(config(a, "memory"));
    server.replace(config(b, "memory"));

    assertThat(
            metrics
                .prometheusText()
                .lines()
                .filter(line -> line.startsWith("otelcol_exporter_queue_size{")))
        .hasSize(1);
  }
}
