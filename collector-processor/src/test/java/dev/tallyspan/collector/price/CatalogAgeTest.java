package dev.tallyspan.collector.price;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.pricing.PriceCatalog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogAgeTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "2026-11-22T00:00:00Z, 0 days old, false",
    "2026-11-23T23:59:59Z, 1 day old, false",
    "2026-12-22T00:00:00Z, 30 days old, false",
    "2026-12-22T00:00:01Z, 30 days old, true",
    // A clock that is behind makes nothing younger than new.
    "2026-11-01T00:00:00Z, 0 days old, false",
  })
  void ageIsCountedFromTheDayOfThePrices(Instant now, String text, boolean old) throws Exception {
    CatalogAge age = CatalogAge.of(catalog("2026-11-22"), () -> now);

    assertThat(age).hasToString("2026-11-22, " + text);
    assertThat(age.isOld()).isEqualTo(old);
  }

  @Test
  void catalogWithoutADayHasNoAge() throws Exception {
    CatalogAge age = CatalogAge.of(catalog("acme-7"), Instant::now);

    assertThat(age).hasToString("acme-7, of unknown age");
    assertThat(age.isOld()).isFalse();
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
