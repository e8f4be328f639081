package dev.tallyspan.collector.server;

import static dev.tallyspan.collector.processor.LlmRequests.TRACE;
import static dev.tallyspan.collector.processor.LlmRequests.attribute;
import static dev.tallyspan.collector.processor.LlmRequests.chat;
import static dev.tallyspan.collector.processor.LlmRequests.traces;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.tallyspan.collector.SilentLogs;
import dev.tallyspan.collector.config.ConfigLoader;
import dev.tallyspan.collector.config.ListenEndpoint;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.metrics.v1.Metric;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Metrics that a connector computes from spans, over real sockets. */
@ExtendWith(SilentLogs.class)
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConnectorServerTest {

  @TempDir private Path directory;
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<byte[]> metrics = new CopyOnWriteArrayList<>();
  private final List<byte[]> spans = new CopyOnWriteArrayList<>();
  private final List<String> alerts = new CopyOnWriteArrayList<>();
  private volatile int answer = 200;
  private HttpServer backend;
  private OwnTelemetry telemetry;
  private CollectorServer server;

  @BeforeEach
  void startBackend() throws Exception {
    backend = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    backend.createContext(
        "/",
        exchange -> {
          try (InputStream body = exchange.getRequestBody()) {
            byte[] bytes = body.readAllBytes();
            switch (exchange.getRequestURI().getPath()) {
              case "/v1/metrics" -> metrics.add(bytes);
              case "/v1/traces" -> spans.add(bytes);
              default -> alerts.add(new String(bytes, UTF_8));
            }
          }
          exchange.sendResponseHeaders(answer, -1);
          exchange.close();
        });
    backend.start();
    telemetry = OwnTelemetry.start(new ListenEndpoint("127.0.0.1", 0));
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close(Duration.ofSeconds(2));
    }
    telemetry.close();
    backend.stop(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"direct", "durable", "memory"})
  void metricsOfSpansAreExportedAndScraped(String queue) throws Exception {
    start(queue, "1s");

    assertThat(post()).isEqualTo(200);
    assertThat(post()).isEqualTo(200);

    await().until(() -> spans.size() == 2);
    await()
        .untilAsserted(
            () -> {
              Metric duration = metric("gen_ai.client.operation.duration");
              assertThat(duration.getHistogram().getDataPoints(0).getCount()).isEqualTo(2);
              assertThat(metric("tallyspan.cost").getSum().getDataPoints(0).getAsDouble())
                  .isEqualTo(0.007);
            });
    // Only the first request after a call has its example.
    assertThat(tracesOfExamples("gen_ai.client.operation.duration")).contains(TRACE);
    await()
        .untilAsserted(
            () ->
                assertThat(scrape())
                    .containsPattern(
                        "tallyspan_cost_total\\{connector=\"tallyspan_metrics\".*gen_ai_request_model=\"gpt-4o\".*} 0.007\n")
                    .containsPattern("gen_ai_client_operation_duration_seconds_count\\{.*} 2\n")
                    .contains("otelcol_process_uptime"));
    await().until(() -> alerts.size() == 1);
    assertThat(alerts.get(0)).contains("\"budget\":\"daily\"", "\"threshold\":1.0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"direct", "memory"})
  void whatWasCountedIsExportedBeforeTheServerCloses(String queue) throws Exception {
    start(queue, "1h");
    assertThat(post()).isEqualTo(200);
    // In memory, the spans are counted after the sender has its response.
    await().until(() -> scrape().contains("gen_ai_client_operation_duration_seconds_count"));

    server.close(Duration.ofSeconds(60));
    server = null;

    assertThat(
            metric("gen_ai.client.operation.duration").getHistogram().getDataPoints(0).getCount())
        .isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "traces: {receivers: [otlp], exporters: [tallyspan_metrics, otlp_http]}",
        """
        traces: {receivers: [otlp], exporters: [tallyspan_metrics]}
            traces/backend: {receivers: [otlp], exporters: [otlp_http]}""",
      })
  void senderIsToldThatTheOnlyBackendRefuses(String traces) throws Exception {
    answer = 400;
    startWith("1h", traces.replace("]}", "], processors: [tallyspan], queue: direct}"));

    assertThat(post()).isEqualTo(400);

    assertThat(scrape()).contains("gen_ai_client_operation_duration_seconds_count");
  }

  @Test
  void senderIsAnsweredWhereThereIsNoBackend() throws Exception {
    startWith(
        "1h",
        "traces: {receivers: [otlp], processors: [tallyspan], exporters: [tallyspan_metrics], queue: direct}");

    assertThat(post()).isEqualTo(200);
  }

  private void start(String queue, String interval) throws Exception {
    startWith(
        interval,
        """
        traces: {receivers: [otlp], processors: [tallyspan], exporters: [otlp_http, tallyspan_metrics], queue: %s}
            metrics: {receivers: [tallyspan_metrics], exporters: [otlp_http], queue: %s}
        """
            .formatted(queue, queue));
  }

  private void startWith(String interval, String pipelines) throws Exception {
    String yaml =
        """
        receivers:
          otlp: {protocols: {http: {endpoint: "127.0.0.1:0"}}}
        processors: {tallyspan: }
        connectors:
          tallyspan_metrics:
            interval: %s
            budgets: [{name: daily, limit: 0.007, thresholds: [1.0]}]
            webhook: {url: "http://127.0.0.1:%d/alerts"}
        exporters:
          otlp_http: {endpoint: "http://127.0.0.1:%d", compression: none}
        storage: {directory: "%s"}
        service:
          pipelines:
            %s
        """
            .formatted(
                interval,
                backend.getAddress().getPort(),
                backend.getAddress().getPort(),
                directory.resolve("data"),
                pipelines);
    Path file = directory.resolve("collector.yaml");
    Files.writeString(file, yaml);
    server =
        CollectorServer.builder(ConfigLoader.load(file, Map.of()))
            .meter(telemetry.meter())
            .metricReaders(telemetry::connectorReader)
            .start();
  }

  private int span;

  private int post() throws Exception {
    byte[] body =
        traces(
            chat(Integer.toString(++span), "", "gpt-4o").addAttributes(attribute("user.id", "u")));
    return client
        .send(
            HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + server.httpPort("otlp") + "/v1/traces"))
                .header("content-type", "application/x-protobuf")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  private String scrape() throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + telemetry.port() + "/metrics");
    return client
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  /** The metric in the last request. */
  private Metric metric(String name) throws Exception {
    assertThat(metrics).isNotEmpty();
    return named(name, metrics.get(metrics.size() - 1))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name));
  }

  private static Stream<Metric> named(String name, byte[] request) throws Exception {
    return ExportMetricsServiceRequest.parseFrom(request)
        .getResourceMetrics(0)
        .getScopeMetricsList()
        .stream()
        .flatMap(scope -> scope.getMetricsList().stream())
        .filter(metric -> metric.getName().equals(name));
  }

  /** The ids of the traces that a histogram shows as examples, in all requests. */
  private List<String> tracesOfExamples(String name) throws Exception {
    List<String> traces = new ArrayList<>();
    for (byte[] request : metrics) {
      named(name, request)
          .flatMap(metric -> metric.getHistogram().getDataPointsList().stream())
          .flatMap(point -> point.getExemplarsList().stream())
          .forEach(it -> traces.add(HexFormat.of().formatHex(it.getTraceId().toByteArray())));
    }
    return traces;
  }
}
