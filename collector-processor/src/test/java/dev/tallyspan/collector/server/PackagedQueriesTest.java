package dev.tallyspan.collector.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.config.ConfigLoader;
import dev.tallyspan.collector.demo.SampleAgent;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The alert rules and dashboards in {@code packaging}, and the page about operations, name metrics
 * that a server has: every metric, and every value of a label that a query asks for.
 */
class PackagedQueriesTest {

  private static final Path COMPOSE = Path.of("..", "packaging", "compose");
  private static final Path OPERATIONS = Path.of("..", "docs", "operations.md");

  /** What some of the alerts are about. Nothing is moved to this store. */
  private static final String POLICY =
      """
          content_policy:
            mode: offload
            offload: {s3: {endpoint: "http://127.0.0.1:9", bucket: media}}
      """;

  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "VIEWER_TOKEN", "a token of this test",
          "AWS_ACCESS_KEY_ID", "id",
          "AWS_SECRET_ACCESS_KEY", "secret");

  @TempDir private static Path directory;

  private static List<String> series;

  @BeforeAll
  static void askABusyServer() throws Exception {
    series = seriesOfABusyServer();
  }

  @Test
  void everyQueryFindsSeries() throws Exception {
    List<PromQl.Selector> asked = asked();
    assertThat(asked).hasSizeGreaterThan(60);

    assertThat(asked).allMatch(selector -> isIn(series, selector));
  }

  /** Returns what the packaged queries ask for and do not record themselves. */
  private static List<PromQl.Selector> asked() throws Exception {
    List<PromQl.Selector> asked = new ArrayList<>();
    List<Path> files = new ArrayList<>();
    files.add(COMPOSE.resolve("prometheus/alerts.yaml"));
    files.add(COMPOSE.resolve("prometheus/recordings.yaml"));
    try (Stream<Path> dashboards = Files.list(COMPOSE.resolve("grafana/dashboards"))) {
      // The queries of this one are for Tempo.
      dashboards.filter(file -> !file.endsWith("traces.json")).forEach(files::add);
    }
    for (Path file : files) {
      List<String> queries = new ArrayList<>();
      collect(load(file), "expr", queries); // JSON is YAML.
      assertThat(queries).as(file.toString()).hasSizeGreaterThan(5);
      queries.forEach(query -> asked.addAll(PromQl.selectors(query)));
    }
    Set<String> recorded = new TreeSet<>();
    collect(load(COMPOSE.resolve("prometheus/recordings.yaml")), "record", recorded);
    assertThat(recorded).hasSizeGreaterThan(3);
    asked.removeIf(selector -> recorded.contains(selector.metric()));
    return asked;
  }

  private static boolean allAreIn(List<String> lines, List<PromQl.Selector> asked) {
    return asked.stream().allMatch(selector -> isIn(lines, selector));
  }

  private static boolean isIn(List<String> lines, PromQl.Selector selector) {
    return lines.stream().anyMatch(selector::matches);
  }

  @Test
  void pageAboutOperationsNamesMetricsThatExist() throws Exception {
    Matcher names =
        Pattern.compile("\\b(tallyspan|otelcol|jvm|gen_ai)_[a-z0-9_]+\\b")
            .matcher(Files.readString(OPERATIONS));
    TreeSet<String> unknown = new TreeSet<>();
    int found = 0;
    while (names.find()) {
      found++;
      String name = names.group();
      if (series.stream().noneMatch(line -> line.matches(name + "(_bucket)?[{ ].*"))) {
        unknown.add(name);
      }
    }

    assertThat(found).isGreaterThan(20);
    assertThat(unknown).isEmpty();
  }

  private static Object load(Path file) throws Exception {
    return new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
  }

  private static void collect(Object node, String key, Collection<String> found) {
    if (node instanceof Map<?, ?> map) {
      if (map.get(key) instanceof String text) {
        found.add(text);
      }
      map.values().forEach(value -> collect(value, key, found));
    } else if (node instanceof Collection<?> list) {
      list.forEach(value -> collect(value, key, found));
    }
  }

  /**
   * Returns what the server of {@code docker-compose.yaml} exposes after the traces of the demo and
   * calls with and without a price, while its backend refuses, and with a catalog that is read from
   * a file.
   */
  private static List<String> seriesOfABusyServer() throws Exception {
    AtomicInteger status = new AtomicInteger(200);
    HttpServer backend =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    backend.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(status.get(), -1);
          exchange.close();
        });
    backend.start();
    Path prices =
        Files.writeString(
            directory.resolve("prices.json"),
            """
            {"format": "tallyspan-prices/1", "version": "v1", "currency": "USD", "providers": {
              "acme": {"models": {"m": {"cards": [{"rates": {"input": "1/M"}}]}}}}}
            """);
    String yaml =
        Files.readString(COMPOSE.resolve("collector.yaml"))
            .replaceAll("\"0\\.0\\.0\\.0:\\d+\"", "\"127.0.0.1:0\"")
            .replace(
                "  tallyspan:\n",
                "  tallyspan: {catalog: {file: '"
                    + prices
                    + "', layered: true, reload_interval: 1s}}\n"
                    + "  scorer: {rules: [{name: fast, max_latency: 5s}],"
                    + " webhook: {url: 'http://127.0.0.1:9/score'}}\n")
            .replace("processors: [tallyspan]", "processors: [tallyspan, scorer]")
            .replace("otlp_grpc/", "otlp_http/")
            .replace("    tls: {insecure: true}\n", "")
            .replaceAll(
                "endpoint: (jaeger|tempo):4317",
                "endpoint: http://127.0.0.1:" + backend.getAddress().getPort())
            .replace("  otlp_http/jaeger:\n", "  otlp_http/jaeger:\n" + POLICY)
            .replace("/var/lib/tallyspan", directory.resolve("data").toString());
    Path file = Files.writeString(directory.resolve("collector.yaml"), yaml);
    CollectorConfig config = ConfigLoader.load(file, ENVIRONMENT);
    try (OwnTelemetry telemetry =
            OwnTelemetry.start(
                config.telemetry(), OwnTelemetry.resource(config.telemetry(), "1", "1"));
        CollectorServer server =
            CollectorServer.builder(config)
                .meter(telemetry.meter())
                .lastReading(telemetry::flush)
                .metricReaders(telemetry::connectorReader)
                .start()) {
      HttpClient client = HttpClient.newHttpClient();
      URI receiver = URI.create("http://127.0.0.1:" + server.httpPort("otlp") + "/v1/traces");
      URI metrics = URI.create("http://127.0.0.1:" + telemetry.port() + "/metrics");
      SampleAgent.send(URI.create("http://127.0.0.1:" + server.httpPort("otlp")), Instant.now());
      byte[] calls = calls();
      assertThat(post(client, receiver, calls)).isEqualTo(200);
      assertThat(post(client, receiver, calls)).isEqualTo(200);
      assertThat(post(client, receiver, new byte[] {1})).isEqualTo(400);
      // Calls are counted when their backend takes them, so it must not refuse from the start.
      awaitMetrics(
          client,
          metrics,
          "tallyspan_unpriced_calls_total",
          "tallyspan_budget_spend",
          "tallyspan_duplicates_suppressed_total",
          "gen_ai_client_operation_time_to_first_chunk_seconds_bucket");

      status.set(503);
      Files.writeString(prices, "no prices");
      assertThat(post(client, receiver, ServerTesting.request(ServerTesting.chat()).toByteArray()))
          .isEqualTo(200);
      awaitMetrics(
          client,
          metrics,
          "tallyspan_exporter_refusals_total",
          "tallyspan_catalog_reloads_total",
          "jvm_gc_duration_seconds_sum");
      // Each series comes at a time of its own; what never comes, the tests name.
      List<PromQl.Selector> asked = asked();
      long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
      List<String> found = lines(client, metrics);
      while (System.nanoTime() < deadline && !allAreIn(found, asked)) {
        found = lines(client, metrics);
      }
      return found;
    } finally {
      backend.stop(0);
    }
  }

  private static byte[] calls() {
    Span unpriced =
        ServerTesting.span("chat", 2).toBuilder()
            .addAttributes(ServerTesting.text("gen_ai.operation.name", "chat"))
            .addAttributes(ServerTesting.text("gen_ai.provider.name", "openai"))
            .addAttributes(ServerTesting.text("gen_ai.request.model", "gpt-99"))
            .addAttributes(ServerTesting.number("gen_ai.usage.input_tokens", 3))
            .addAttributes(ServerTesting.number("gen_ai.usage.dream_tokens", 3))
            .build();
    return ServerTesting.request(ServerTesting.chat(), unpriced).toByteArray();
  }

  private static void awaitMetrics(HttpClient client, URI metrics, String... names) {
    await()
        .atMost(Duration.ofMinutes(3))
        .untilAsserted(() -> assertThat(scrape(client, metrics)).contains(names));
  }

  private static int post(HttpClient client, URI uri, byte[] body) throws Exception {
    return client
        .send(
            HttpRequest.newBuilder(uri)
                .header("content-type", "application/x-protobuf")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  private static List<String> scrape(HttpClient client, URI uri) throws Exception {
    // Collections are measured from the first reading on.
    System.gc();
    return lines(client, uri).stream().map(line -> line.replaceAll("[{ ].*", "")).toList();
  }

  private static List<String> lines(HttpClient client, URI uri) throws Exception {
    return client
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofLines())
        .body()
        .filter(line -> !line.startsWith("#"))
        .toList();
  }
}
