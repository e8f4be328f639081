package dev.tallyspan.collector.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.config.ConfigLoader;
import dev.tallyspan.collector.telemetry.OwnMetrics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContractsFeedTest {

  private final OwnMetrics metrics = OwnMetrics.create();
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-09-01T00:00:00Z"));

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void setUp() {
    file = folder.resolve("contracts.json");
  }

  @AfterEach
  void tearDown() {
    metrics.close();
  }

  @Test
  void newVersionOfTheFileComesIntoForceAndIsCounted() throws Exception {
    write("c1", "acme");
    try (ContractsFeed feed = open()) {
      assertThat(feed.get().tenants()).containsExactly("acme");
      now.set(now.get().plusSeconds(90));
      assertThat(metrics.prometheusText())
          .contains("tallyspan_contracts_age_seconds{processor=\"tallyspan\"} 90.0");

      write("c2", "globex");
      feed.reload();

      assertThat(feed.get().tenants()).containsExactly("globex");
      assertThat(metrics.prometheusText())
          .contains(
              "tallyspan_contracts_reloads_total{processor=\"tallyspan\",result=\"loaded\"} 2")
          .contains("tallyspan_contracts_age_seconds{processor=\"tallyspan\"} 0.0");
    }
  }

  @Test
  void badVersionIsCountedAndTheLastGoodOneStays() throws Exception {
    write("c1", "acme");
    try (ContractsFeed feed = open()) {
      Files.writeString(file, "{}");
      feed.reload();

      assertThat(feed.get().tenants()).containsExactly("acme");
      assertThat(metrics.prometheusText())
          .contains("{processor=\"tallyspan\",result=\"rejected\"} 1");
    }
  }

  @Test
  void fileThatCannotBeUsedKeepsTheServerFromStarting() {
    assertThatThrownBy(this::open)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "processors.tallyspan.contracts: " + file + ": cannot be read: NoSuchFileException");
  }

  private ContractsFeed open() throws Exception {
    Path config =
        Files.writeString(
            folder.resolve("config.yaml"),
            """
            receivers: {otlp: {protocols: {grpc: }}}
            processors: {tallyspan: {contracts: {reload_interval: 1000h, file: %s}}}
            exporters: {otlp_http: {endpoint: "https://backend"}}
            service:
              pipelines:
                traces: {receivers: [otlp], processors: [tallyspan], exporters: [otlp_http]}
            """
                .formatted(file));
    CollectorConfig read = ConfigLoader.load(config, Map.of());
    return ContractsFeed.open(
        "tallyspan", read.processor("tallyspan").contracts(), metrics.meter("test"), now::get);
  }

  private void write(String version, String tenant) throws Exception {
    Files.writeString(
        file,
        """
        {"format": "tallyspan-contracts/1", "version": "%s", "tenants": {
          "%s": {"discounts": [{"provider": "acme", "factor": "0.5"}]}}}
        """
            .formatted(version, tenant));
  }
}
