package dev.tallyspan.collector.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.config.ConfigLoader;
import dev.tallyspan.collector.telemetry.OwnMetrics;
import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.pricing.PriceRequest;
import dev.tallyspan.pricing.Unit;
import dev.tallyspan.pricing.Usage;
import dev.tallyspan.pricing.live.Reload.Outcome;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogFeedTest {

  private final OwnMetrics metrics = OwnMetrics.create();
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-09-01T00:00:00Z"));
  private final List<LogRecord> logged = new CopyOnWriteArrayList<>();
  private final Logger logger = Logger.getLogger(CatalogFeed.class.getName());
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          logged.add(record);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void setUp() {
    file = folder.resolve("prices.json");
    logger.addHandler(handler);
  }

  @AfterEach
  void tearDown() {
    logger.removeHandler(handler);
    metrics.close();
  }

  @Test
  void newVersionOfTheFileComesIntoForce() throws Exception {
    write("v1", "2/M");
    try (CatalogFeed feed = open("file: " + file)) {
      assertThat(feed.get().version()).isEqualTo("v1");

      write("v2", "3.5/M");
      feed.reload();

      assertThat(feed.get().version()).isEqualTo("v2");
      assertThat(metrics.prometheusText())
          .contains("tallyspan_catalog_reloads_total{processor=\"tallyspan\",result=\"loaded\"} 2");
    }
  }

  @Test
  void badVersionIsLoggedInOneLineOnceAndCountedAndTheLastGoodOneStays() throws Exception {
    write("v1", "2/M");
    try (CatalogFeed feed = open("file: " + file)) {
      logged.clear();
      write("v2", "-13/M");
      assertThat(feed.reload().outcome()).isEqualTo(Outcome.REJECTED);
      Files.delete(file);
      feed.reload();
      feed.reload();

      assertThat(feed.get().version()).isEqualTo("v1");
      assertThat(logged).hasSize(2);
      assertThat(logged.get(0).getParameters()[2].toString())
          .contains("prices.json:2 negative rate")
          .doesNotContain("\n");
      assertThat(metrics.prometheusText())
          .contains("{processor=\"tallyspan\",result=\"rejected\"} 1")
          .contains("{processor=\"tallyspan\",result=\"failed\"} 2");
    }
  }

  @Test
  void startThatIsRefusedDoesNotSayWhatStaysInForce() {
    assertThatThrownBy(() -> open("file: " + file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("prices.json");
    assertThat(logged).isEmpty();
  }

  @Test
  void ageIsCountedFromWhenTheVersionWasTaken() throws Exception {
    write("v1", "2/M");
    try (CatalogFeed feed = open("file: " + file)) {
      now.set(now.get().plusSeconds(90));
      assertThat(metrics.prometheusText())
          .contains("tallyspan_catalog_age_seconds{processor=\"tallyspan\"} 90.0");

      write("v2", "3.5/M");
      feed.reload();
      assertThat(metrics.prometheusText())
          .contains("tallyspan_catalog_age_seconds{processor=\"tallyspan\"} 0.0");
    }
  }

  @Test
  void fileReplacesTheBuiltInCatalogUnlessItIsLayered() throws Exception {
    write("v1", "2/M");
    try (CatalogFeed alone = open("file: " + file);
        CatalogFeed layered = open("layered: true, file: " + file)) {
      assertThat(alone.get().version()).isEqualTo("v1");
      assertThat(layered.get().version()).isEqualTo("v1+" + PriceCatalog.shipped().version());
    }
  }

  @Test
  void fileThatCannotBeUsedKeepsTheServerFromStarting() throws Exception {
    assertThatThrownBy(() -> open("file: " + file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "processors.tallyspan.catalog: " + file + ": cannot be read: NoSuchFileException");
    write("v1", "2/M");
    assertThatThrownBy(() -> open("sha256: '" + "0".repeat(64) + "', file: " + file))
        .hasMessageContaining("has the sha256 ")
        .hasMessageContaining("instead of 000");
  }

  @Test
  void urlThatCannotBeHadLeavesTheBuiltInCatalogUntilItCan() throws Exception {
    write("v1", "2/M");
    AtomicReference<Integer> status = new AtomicReference<>(503);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/prices.json",
        exchange -> {
          byte[] body = Files.readString(file).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status.get(), body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    String url = "http://localhost:" + server.getAddress().getPort() + "/prices.json?key=secret";
    try (CatalogFeed feed = open("url: '" + url + "'")) {
      assertThat(feed.get()).isSameAs(PriceCatalog.shipped());
      assertThat(logged).hasSize(1);
      assertThat(logged.get(0).getParameters()[2].toString())
          .contains("HTTP status 503")
          .doesNotContain("secret");

      status.set(200);
      feed.reload();
      assertThat(feed.get().version()).isEqualTo("v1");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void versionThatFailsItsVectorsIsNotTaken() throws Exception {
    write("v1", "2/M");
    Path vectors =
        Files.writeString(
            folder.resolve("vectors.json"),
            """
            {"schema": "llm-cost-vectors/1", "vectors": [{"id": "smoke", "provider": "acme",
              "model": "m", "usage": {"input_tokens": 1000}, "usage_semantics": "inclusive",
              "conditions": {"at": "2026-09-01T12:00:00Z"},
              "expected": {"status": "priced", "total_usd": "0.002", "line_items": [
                {"bucket": "input", "quantity": "1000", "amount_usd": "0.002"}]}}]}
            """);
    try (CatalogFeed feed = open("file: " + file + ", vectors: " + vectors)) {
      write("v2", "20/M");
      assertThat(feed.reload().reason()).endsWith("1 vectors fail, first smoke");
      feed.reload();

      assertThat(feed.get().version()).isEqualTo("v1");
      assertThat(metrics.prometheusText())
          .contains("{processor=\"tallyspan\",result=\"rejected\"} 2");
    }
  }

  @Test
  void publishedTableIsLaidOverTheBuiltInCatalog() throws Exception {
    Files.writeString(
        file, "{\"gpt-99\": {\"litellm_provider\": \"openai\", \"input_cost_per_token\": 7e-06}}");
    try (CatalogFeed feed = open("file: " + file + ", format: litellm, layered: true")) {
      assertThat(feed.get().version())
          .matches("litellm@[0-9a-f]{12}\\+" + PriceCatalog.shipped().version());
      assertThat(total(feed, "gpt-99")).isEqualByComparingTo("0.007");
      assertThat(total(feed, "gpt-4o")).isEqualByComparingTo("0.0025");

      Files.writeString(file, "[1]");
      assertThat(feed.reload().reason()).contains("prices.json:1 found an array");
      assertThat(total(feed, "gpt-99")).isEqualByComparingTo("0.007");
    }
  }

  @Test
  void ageOfThePricesIsMeasuredForEveryProcessor() throws Exception {
    write("2026-08-30", "2/M");
    Path config =
        Files.writeString(
            folder.resolve("config.yaml"),
            """
            receivers: {otlp: {protocols: {grpc: }}}
            processors: {tallyspan: {catalog: %s}, tallyspan/x: }
            exporters: {otlp_http: {endpoint: "https://backend"}}
            service:
              pipelines:
                traces: {receivers: [otlp], processors: [tallyspan], exporters: [otlp_http]}
                traces/x: {receivers: [otlp], processors: [tallyspan/x], exporters: [otlp_http]}
            """
                .formatted(file));
    try (Catalogs catalogs =
        Catalogs.open(ConfigLoader.load(config, Map.of()), metrics.meter("test"), now::get)) {
      assertThat(metrics.prometheusText())
          .contains("tallyspan_catalog_facts_age_seconds{processor=\"tallyspan\"} 172800.0")
          .contains("tallyspan_catalog_facts_age_seconds{processor=\"tallyspan/x\"} ");
      assertThat(catalogs.inForce().get("tallyspan").version()).isEqualTo("2026-08-30");
    }
  }

  private static BigDecimal total(CatalogFeed feed, String model) {
    return feed.get()
        .price(
            PriceRequest.builder()
                .provider("openai")
                .responseModel(model)
                .usage(Usage.builder().set(Unit.INPUT, 1000).build())
                .build())
        .total();
  }

  @Test
  void vectorsThatCannotBeUsedKeepTheServerFromStarting() throws Exception {
    write("v1", "2/M");
    assertThatThrownBy(() -> open("file: " + file + ", vectors: " + folder.resolve("no.json")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("processors.tallyspan.catalog: vectors=")
        .hasMessageEndingWith("no.json: cannot be read: NoSuchFileException");
  }

  private CatalogFeed open(String catalog) throws Exception {
    Path config =
        Files.writeString(
            folder.resolve("config.yaml"),
            """
            receivers: {otlp: {protocols: {grpc: }}}
            processors: {tallyspan: {catalog: {reload_interval: 1000h, %s}}}
            exporters: {otlp_http: {endpoint: "https://backend"}}
            service:
              pipelines:
                traces: {receivers: [otlp], processors: [tallyspan], exporters: [otlp_http]}
            """
                .formatted(catalog));
    CollectorConfig read = ConfigLoader.load(config, Map.of());
    return CatalogFeed.open(
        "tallyspan", read.processor("tallyspan").catalog(), metrics.meter("test"), now::get);
  }

  private void write(String version, String rate) throws Exception {
    Files.writeString(
        file,
        """
        {"format": "tallyspan-prices/1", "version": "%s", "currency": "USD", "providers": {
          "acme": {"models": {"m": {"cards": [{"rates": {"input": "%s"}}]}}}}}
        """
            .formatted(version, rate));
  }
}
