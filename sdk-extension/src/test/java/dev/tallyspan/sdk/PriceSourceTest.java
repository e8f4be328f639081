package dev.tallyspan.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.tallyspan.pricing.PriceCatalog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PriceSourceTest {

  private static final String CATALOG =
      """
      {"format": "tallyspan-prices/1", "version": "of-the-test", "currency": "USD", "providers": {
        "acme": {"models": {"m": {"cards": [{"rates": {"input": "1/M"}}]}}}}}
      """;

  @TempDir Path directory;

  private final Logger logger = Logger.getLogger(PriceSource.class.getName());
  private final List<String> warnings = new ArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public synchronized void publish(LogRecord record) {
          warnings.add(record.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
  }

  @AfterEach
  void stopListening() {
    logger.removeHandler(handler);
    logger.setUseParentHandlers(true);
  }

  @Test
  void brokenFileIsReplacedByThePricesInTheJarWithOneWarning() throws IOException {
    Path file = Files.writeString(directory.resolve("bad.json"), "{\"version\": ");

    try (PriceSource prices = open(Map.of("catalog", file.toString()))) {
      assertThat(prices.catalog().get().version()).isEqualTo(PriceCatalog.shipped().version());
    }
    assertThat(warnings).hasSize(1);
    assertThat(warnings.get(0))
        .startsWith("Tallyspan cannot use the price catalog: " + file)
        .endsWith("; the prices in the jar are used");
  }

  @Test
  void brokenFileIsAnErrorIfTheSettingsAreStrict() throws IOException {
    Path file = Files.writeString(directory.resolve("bad.json"), "{\"version\": ");

    assertThatThrownBy(() -> open(Map.of("catalog", file.toString(), "strict", true)))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith("catalog: " + file);
  }

  @Test
  void missingContractsMeanListPricesWithOneWarning() {
    try (PriceSource prices = open(Map.of("contracts", Map.of("file", "/no/such.json")))) {
      assertThat(prices.contracts().get().tenants()).isEmpty();
    }
    assertThat(warnings).hasSize(1);
    assertThat(warnings.get(0)).endsWith("; list prices are used");
  }

  @Test
  void urlIsReadInTheBackground() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/catalog.json",
        exchange -> {
          byte[] body = CATALOG.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          try (var out = exchange.getResponseBody()) {
            out.write(body);
          }
        });
    server.start();
    String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/catalog.json";
    try (PriceSource prices = open(Map.of("catalog", Map.of("url", url)))) {
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> prices.catalog().get().version().equals("of-the-test"));
    } finally {
      server.stop(0);
    }
    assertThat(warnings).isEmpty();
  }

  private static PriceSource open(Map<String, ?> values) {
    ExtensionSettings settings = new ExtensionSettings();
    SettingsReader.read(values, settings);
    return new PriceSource(settings);
  }
}
