package dev.tallyspan.collector.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tallyspan.collector.config.ConfigLoader;
import dev.tallyspan.collector.telemetry.OwnMetrics;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that give up while their requests wait in the queue of a direct pipeline. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GoneSenderTest {
  private final List<String> arrived = new CopyOnWriteArrayList<>();
  private final CountDownLatch release = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final OwnMetrics metrics = OwnMetrics.create();
  private HttpServer backend;
  private CollectorServer server;

  @BeforeEach
  void start(@TempDir Path directory) throws Exception {
    backend = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    backend.createContext("/", this::answerWhenReleased);
    backend.setExecutor(threads);
    backend.start();
    String config =
        """
        receivers:
          otlp: {protocols: {grpc: {endpoint: 'localhost:0'}, http: {endpoint: 'localhost:0'}}}
        exporters:
          otlp_http:
            endpoint: http://localhost:%d
            compression: none
            timeout: 120s
            sending_queue: {num_consumers: 1}
        service:
          pipelines:
            traces: {receivers: [otlp], exporters: [otlp_http], queue: direct}
        """
            .formatted(backend.getAddress().getPort());
    Path file = directory.resolve("c.yaml");
    server =
        CollectorServer.builder(ConfigLoader.load(Files.writeString(file, config), Map.of()))
            .meter(metrics.meter("test"))
            .start();
  }

  private void answerWhenReleased(HttpExchange exchange) {
    try (exchange) {
      ExportTraceServiceRequest request =
          ExportTraceServiceRequest.parseFrom(exchange.getRequestBody());
      request
          .getResourceSpansList()
          .forEach(
              resource ->
                  resource
                      .getScopeSpansList()
                      .forEach(
                          scope ->
                              scope.getSpansList().forEach(span -> arrived.add(span.getName()))));
      release.await(120, TimeUnit.SECONDS);
      exchange.sendResponseHeaders(200, -1);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void stop() {
    release.countDown();
    server.close();
    backend.stop(0);
    threads.shutdownNow();
    metrics.close();
  }

  private static ExportTraceServiceRequest request(String name) {
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder()
                .addScopeSpans(ScopeSpans.newBuilder().addSpans(Span.newBuilder().setName(name))))
        .build();
  }

  private HttpRequest http(String name) {
    return HttpRequest.newBuilder(
            URI.create("http://localhost:" + server.httpPort("otlp") + "/v1/traces"))
        .header("content-type", "application/x-protobuf")
        .POST(HttpRequest.BodyPublishers.ofByteArray(request(name).toByteArray()))
        .build();
  }

  private void awaitQueueSize(int size) {
    await()
        .until(
            () ->
                metrics
                    .prometheusText()
                    .contains(
                        "otelcol_exporter_queue_size{exporter=\"otlp_http\"} " + size + "\n"));
  }

  @Test
  void requestsOfClientsThatGiveUpLeaveTheQueueAndAreNotSent() throws Exception {
    HttpClient client = HttpClient.newHttpClient();
    var first = client.sendAsync(http("first"), HttpResponse.BodyHandlers.discarding());
    await().until(() -> arrived.size() == 1);
    for (int copy = 0; copy < 2; copy++) {
      var late = client.sendAsync(http("over HTTP"), HttpResponse.BodyHandlers.discarding());
      awaitQueueSize(2);
      late.cancel(/* mayInterruptIfRunning= */ true); // Closes the connection, as a timeout does.
      awaitQueueSize(1);
    }
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("localhost", server.grpcPort("otlp")).usePlaintext().build();
    for (int copy = 0; copy < 2; copy++) {
      var late = TraceServiceGrpc.newFutureStub(channel).export(request("over gRPC"));
      awaitQueueSize(2);
      late.cancel(/* mayInterruptIfRunning= */ true);
      awaitQueueSize(1);
    }
    channel.shutdownNow();

    release.countDown();
    assertThat(first.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    assertThat(client.send(http("last"), HttpResponse.BodyHandlers.discarding()).statusCode())
        .isEqualTo(200);
    assertThat(arrived).containsExactly("first", "last");
    awaitQueueSize(0);
  }
}
