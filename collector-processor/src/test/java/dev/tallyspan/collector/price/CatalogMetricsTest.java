package dev.tallyspan.collector.price;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.telemetry.OwnMetrics;
import dev.tallyspan.pricing.PriceCatalog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogMetricsTest {

  @TempDir private Path folder;

  @Test
  void versionChangesWithTheCatalogAndTheOldSeriesEnds() throws Exception {
    AtomicReference<PriceCatalog> inForce = new AtomicReference<>(catalog("2026-11-22"));
    try (OwnMetrics metrics = OwnMetrics.create()) {
      CatalogMetrics catalog =
          new CatalogMetrics(
              metrics.meter("test"),
              "tallyspan",
              inForce::get,
              () -> Instant.parse("2026-11-23T00:00:00Z"));
      assertThat(metrics.prometheusText())
          .contains("tallyspan_catalog_info{processor=\"tallyspan\",version=\"2026-11-22\"} 1\n")
          .contains("tallyspan_catalog_facts_age_seconds{processor=\"tallyspan\"} 86400.0\n");

      inForce.set(catalog("acme-7"));

      assertThat(metrics.prometheusText())
          .contains("tallyspan_catalog_info{processor=\"tallyspan\",version=\"acme-7\"} 1\n")
          .doesNotContain("2026-11-22", "tallyspan_catalog_facts_age_seconds{");

      catalog.close();

      assertThat(metrics.prometheusText()).doesNotContain("tallyspan_catalog_info{");
    }
  }

  private PriceCatalog catalog(String version) throws Exception {
    return PriceCatalog.read(
        Files.writeString(
            folder.resolve("c.json"),
            "{\"format\": \"tallyspan-prices/1\", \"version\": \""
                + version
                + "\", \"currency\": \"USD\", \"providers\": {}}"));
  }
}
