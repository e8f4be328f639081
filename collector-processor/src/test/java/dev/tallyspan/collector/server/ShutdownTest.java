package dev.tallyspan.collector.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tallyspan.collector.config.ConfigLoader;
import dev.tallyspan.collector.telemetry.OwnMetrics;
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
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ShutdownTest {

  /** One resource with one scope with one empty span. */
  private static final byte[] SPAN = {0x0a, 0x04, 0x12, 0x02, 0x12, 0x00};

  @TempDir private Path directory;
  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void deadBackendsTakeOneDeadlineTogetherAndSendersAreTold() throws Exception {
    List<ServerSocket> silent = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      // Connections are accepted by the kernel, and never answered.
      silent.add(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    }
    OwnMetrics metrics = OwnMetrics.create();
    CollectorServer server =
        CollectorServer.builder(ConfigLoader.load(file(silent), Map.of()))
            .meter(metrics.meter("test"))
            .start();
    List<CompletableFuture<HttpResponse<Void>>> answers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      answers.add(
          client.sendAsync(
              HttpRequest.newBuilder(
                      URI.create("http://127.0.0.1:" + server.httpPort("otlp") + "/v1/traces"))
                  .header("content-type", "application/x-protobuf")
                  .POST(HttpRequest.BodyPublishers.ofByteArray(SPAN))
                  .build(),
              HttpResponse.BodyHandlers.discarding()));
    }
    await()
        .until(
            () ->
                metrics
                        .prometheusText()
                        .lines()
                        .filter(line -> line.matches("otelcol_exporter_queue_size\\{.*} 4.*"))
                        .count()
                    == 3);
    long start = System.nanoTime();
    server.close(Duration.ofSeconds(6));
    Duration took = Duration.ofNanos(System.nanoTime() - start);

    // Three exporters and a receiver, one after another, would take 24 s on any machine.
    assertThat(took).isLessThan(Duration.ofSeconds(24));
    for (CompletableFuture<HttpResponse<Void>> answer : answers) {
      assertThat(answer.join().statusCode()).isEqualTo(503);
    }
    metrics.close();
    for (ServerSocket socket : silent) {
      socket.close();
    }
  }

  private Path file(List<ServerSocket> backends) throws Exception {
    StringBuilder yaml =
        new StringBuilder(
            """
            receivers:
              otlp: {protocols: {http: {endpoint: "127.0.0.1:0"}}}
            exporters:
            """);
    for (int i = 0; i < backends.size(); i++) {
      yaml.append("  otlp_http/")
          .append(i)
          .append(": {endpoint: \"http://127.0.0.1:")
          .append(backends.get(i).getLocalPort())
          .append("\"}\n");
    }
    yaml.append(
        """
        service:
          pipelines:
            traces: {receivers: [otlp], exporters: [otlp_http/0, otlp_http/1, otlp_http/2]}
        """);
    return Files.writeString(directory.resolve("config.yaml"), yaml);
  }
}
