package dev.tallyspan.collector.server;

import static dev.tallyspan.collector.processor.LlmRequests.attribute;
import static dev.tallyspan.collector.processor.LlmRequests.chat;
import static dev.tallyspan.collector.processor.LlmRequests.span;
import static dev.tallyspan.collector.processor.LlmRequests.traces;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.tallyspan.collector.SilentLogs;
import dev.tallyspan.collector.config.ConfigLoader;
import dev.tallyspan.collector.config.ListenEndpoint;
import dev.tallyspan.semconv.span.Cost;
import io.opentelemetry.proto.trace.v1.Span;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operator reads about a running processor at the Prometheus address. */
@ExtendWith(SilentLogs.class)
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProcessorMetricsTest {

  @TempDir private Path directory;
  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicInteger delivered = new AtomicInteger();
  private volatile int status = 200;
  private HttpServer backend;
  private OwnTelemetry telemetry;
  private CollectorServer server;

  @BeforeEach
  void startBackend() throws Exception {
    backend = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    backend.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          delivered.incrementAndGet();
          exchange.sendResponseHeaders(status, -1);
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

  @Test
  void everythingThatIsKnownInAdvanceIsCountedFromTheStart() throws Exception {
    start("direct", "");

    String text = scrape();
    for (Cost.Status each : Cost.Status.values()) {
      assertThat(spans(text, each.wireName())).isZero();
    }
    assertThat(text)
        .contains(
            "tallyspan_llm_dialect_spans_total{dialect=\"openinference\",processor=\"tallyspan\"} 0\n",
            "tallyspan_llm_tokens_total{kind=\"input\",processor=\"tallyspan\"} 0\n",
            "tallyspan_llm_tokens_total{kind=\"cache_read\",processor=\"tallyspan\"} 0\n",
            "tallyspan_llm_tokens_total{kind=\"cache_write\",processor=\"tallyspan\"} 0\n",
            "tallyspan_llm_tokens_total{kind=\"output\",processor=\"tallyspan\"} 0\n",
            "tallyspan_llm_tokens_total{kind=\"reasoning\",processor=\"tallyspan\"} 0\n",
            "tallyspan_llm_units_unpriced_total{processor=\"tallyspan\",unit=\"web_searches\"} 0\n",
            "tallyspan_read_faults_total{dialect=\"\",processor=\"tallyspan\",reason=\"exception\"} 0\n",
            "tallyspan_read_faults_total{dialect=\"openinference\",processor=\"tallyspan\",reason=\"dialect\"} 0\n",
            "otelcol_processor_incoming_items_total{otel_signal=\"traces\",processor=\"tallyspan\"} 0\n",
            "otelcol_processor_outgoing_items_total{otel_signal=\"traces\",processor=\"tallyspan\"} 0\n",
            "otelcol_receiver_accepted_spans_total{receiver=\"otlp\",transport=\"http\"} 0\n",
            "otelcol_receiver_refused_spans_total{receiver=\"otlp\",transport=\"http\"} 0\n",
            "otelcol_receiver_failed_spans_total{receiver=\"otlp\",transport=\"http\"} 0\n")
        .doesNotContain("transport=\"grpc\"")
        .containsPattern("tallyspan_catalog_info\\{processor=\"tallyspan\",version=\"[^\"]+\"} 1\n")
        .containsPattern("tallyspan_catalog_facts_age_seconds\\{processor=\"tallyspan\"} [0-9]")
        .containsPattern("tallyspan_receiver_in_flight_limit_bytes\\{receiver=\"otlp\"} [1-9]")
        .containsPattern("jvm_memory_used_bytes\\{.*jvm_memory_type=\"heap\"} [1-9]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"direct", "memory", "durable"})
  void callsAreCountedWithTheirTokensAndTheirCosts(String queue) throws Exception {
    start(queue, "");

    post(
        chat("1", "", "gpt-4o")
            .addAttributes(attribute("gen_ai.usage.cache_read.input_tokens", 400)),
        chat("2", "", "no-such-model"),
        span("3", "", "invoke_agent a")
            .addAttributes(attribute("gen_ai.operation.name", "invoke_agent")),
        span("4", "", "GET /"));

    // The last that is counted.
    await().until(() -> items(scrape(), "outgoing") == 4);
    String text = scrape();
    assertThat(spans(text, "priced")).isEqualTo(1);
    assertThat(spans(text, "unpriced")).isEqualTo(1);
    assertThat(spans(text, "not_billable")).isEqualTo(1);
    assertThat(value(text, "tallyspan_llm_tokens_total", "kind=\"input\"")).isEqualTo(1_600);
    assertThat(value(text, "tallyspan_llm_tokens_total", "kind=\"cache_read\"")).isEqualTo(400);
    assertThat(value(text, "tallyspan_llm_tokens_total", "kind=\"output\"")).isEqualTo(200);
    assertThat(
            value(
                text,
                "tallyspan_llm_cost_total",
                "currency=\"USD\",model=\"gpt-4o\",processor=\"tallyspan\",provider=\"openai\""))
        .isCloseTo(0.003, within(1e-9)); // 600 x 2.5 + 400 x 1.25 + 100 x 10 USD per million
    assertThat(value(text, "tallyspan_unpriced_calls_total", "model=\"no-such-model\"")).isOne();
    assertThat(value(text, "tallyspan_llm_units_unpriced_total", "unit=\"unknown_model\"")).isOne();
    assertThat(value(text, "tallyspan_processing_duration_seconds_count", "")).isOne();
    assertThat(items(text, "incoming")).isEqualTo(4);
  }

  @Test
  void statusIsTheOneThatTheWholeTraceShows() throws Exception {
    start("memory", "window: {wait: 30s, wait_after_root: 10ms}");

    // The client's span comes first, then the framework's around it, which has no tokens.
    post(chat("2", "1", "gpt-4o"));
    assertThat(spans(scrape(), "priced")).isZero();
    post(wrapper("1"));
    await().until(() -> items(scrape(), "outgoing") == 2); // The last that is counted.
    String text = scrape();
    assertThat(spans(text, "priced")).isEqualTo(1);
    assertThat(spans(text, "duplicate")).isEqualTo(1);
    assertThat(spans(text, "unpriced")).isZero();
    assertThat(sum(text, "tallyspan_llm_spans_total")).isEqualTo(2);
    assertThat(sum(text, "tallyspan_llm_dialect_spans_total")).isEqualTo(2);
    assertThat(sum(text, "tallyspan_llm_tokens_total")).isEqualTo(1_100);
  }

  @Test
  void spanThatIsSentAgainIsCountedOnce() throws Exception {
    status = 400;
    start("direct", "");
    assertThat(post(chat("1", "", "gpt-4o"))).isEqualTo(400);
    status = 200;
    assertThat(post(chat("1", "", "gpt-4o"))).isEqualTo(200);

    String text = scrape();
    assertThat(sum(text, "tallyspan_llm_spans_total")).isEqualTo(1);
    assertThat(sum(text, "tallyspan_llm_cost_total")).isCloseTo(0.0035, within(1e-9));
    assertThat(items(text, "incoming")).isEqualTo(2);
    // The receiver is not at fault if a backend refuses.
    assertThat(value(text, "otelcol_receiver_refused_spans_total", "")).isEqualTo(1);
    assertThat(value(text, "otelcol_receiver_failed_spans_total", "")).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"direct", "memory"})
  void severalExportersCountOnce(String queue) throws Exception {
    start(queue, "", "otlp_http, otlp_http/b, tallyspan_metrics");

    for (int i = 1; i <= 5; i++) {
      post(chat(Integer.toString(i), "", "gpt-4o"));
    }

    await().until(() -> delivered.get() >= 2 && items(scrape(), "outgoing") == 5);
    assertThat(sum(scrape(), "tallyspan_llm_spans_total")).isEqualTo(5);
    assertThat(items(scrape(), "incoming")).isEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"direct", "memory"})
  void pipelineWithAConnectorAloneCounts(String queue) throws Exception {
    start(queue, "", "tallyspan_metrics");

    post(chat("1", "", "gpt-4o"));

    await().until(() -> items(scrape(), "outgoing") == 1); // The last that is counted.
    assertThat(spans(scrape(), "priced")).isEqualTo(1);
    assertThat(items(scrape(), "incoming")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"direct", "memory"})
  void callThatSamplingLeavesOutIsCounted(String queue) throws Exception {
    start(queue, "sampling: {share: 0}");

    post(chat("1", "", "gpt-4o"));

    await().until(() -> spans(scrape(), "priced") == 1);
    assertThat(items(scrape(), "incoming")).isEqualTo(1);
    assertThat(items(scrape(), "outgoing")).isZero();
  }

  private static Span.Builder wrapper(String id) {
    return span(id, "", "chat gpt-4o")
        .addAttributes(attribute("gen_ai.operation.name", "chat"))
        .addAttributes(attribute("gen_ai.provider.name", "openai"))
        .addAttributes(attribute("gen_ai.request.model", "gpt-4o"));
  }

  private void start(String queue, String processor) throws Exception {
    start(queue, processor, "otlp_http");
  }

  private void start(String queue, String processor, String exporters) throws Exception {
    boolean windowed = processor.isEmpty() && !queue.equals("direct");
    String yaml =
        """
        receivers:
          otlp: {protocols: {http: {endpoint: "127.0.0.1:0"}}}
        processors: {tallyspan: {%s}}
        connectors: {tallyspan_metrics: }
        exporters:
          otlp_http: {endpoint: "http://127.0.0.1:%d", compression: none}
          otlp_http/b: {endpoint: "http://127.0.0.1:%d", compression: none}
        storage: {directory: "%s"}
        service:
          pipelines:
            traces: {receivers: [otlp], processors: [tallyspan], exporters: [%s], queue: %s}
        """
            .formatted(
                windowed ? "window: {wait: 10ms, wait_after_root: 10ms}" : processor,
                backend.getAddress().getPort(),
                backend.getAddress().getPort(),
                directory.resolve("data"),
                exporters,
                queue);
    Path file = directory.resolve("collector.yaml");
    Files.writeString(file, yaml);
    server =
        CollectorServer.builder(ConfigLoader.load(file, Map.of())).meter(telemetry.meter()).start();
  }

  private int post(Span.Builder... spans) throws Exception {
    return client
        .send(
            HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + server.httpPort("otlp") + "/v1/traces"))
                .header("content-type", "application/x-protobuf")
                .POST(HttpRequest.BodyPublishers.ofByteArray(traces(spans)))
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

  private static double spans(String text, String status) {
    return value(text, "tallyspan_llm_spans_total", "status=\"" + status + "\"");
  }

  private static double items(String text, String direction) {
    return value(text, "otelcol_processor_" + direction + "_items_total", "");
  }

  private static double value(String text, String name, String labels) {
    return text.lines()
        .filter(line -> line.startsWith(name + "{") && line.contains(labels))
        .mapToDouble(ProcessorMetricsTest::value)
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + "{" + labels + "} is not in\n" + text));
  }

  private static double sum(String text, String name) {
    return text.lines()
        .filter(line -> line.startsWith(name + "{"))
        .mapToDouble(ProcessorMetricsTest::value)
        .sum();
  }

  private static double value(String line) {
    return Double.parseDouble(line.substring(line.lastIndexOf('}') + 2));
  }
}
