package dev.tallyspan.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class CatalogDiffTest {
  private static final Instant NOW = Instant.parse("2026-09-01T00:00:00Z");

  private static final PriceCatalog OLD =
      Catalogs.of(
          """
          "m": {"cards": [{"rates": {"input": "5/M", "cache_read": "0.5/M"}}]},
          "gone": {"cards": [{"rates": {"input": "1/M"}}]}
          """);

  @Test
  void changesAreNamedByCardAndUnit() {
    PriceCatalog now =
        Catalogs.of(
            """
            "m": {"cards": [{"rates": {"input": "5/M"}},
              {"from": "2026-08-21", "rates": {"input": "4/M", "output": "20/M"}}]},
            "new": {"cards": [{"rates": {"input": "1/M"}}]}
            """);

    assertThat(CatalogDiff.between(OLD, now, NOW))
        .map(Object::toString)
        .containsExactly(
            "- acme/gone",
            "~ acme/m input 0.000005 -> 0.000004",
            "~ acme/m cache_read 0.0000005 -> none",
            "~ acme/m output none -> 0.00002",
            "+ acme/new");
  }

  @Test
  void sameCatalogHasNoChanges() {
    assertThat(CatalogDiff.between(PriceCatalog.shipped(), PriceCatalog.shipped(), NOW)).isEmpty();
  }
}
