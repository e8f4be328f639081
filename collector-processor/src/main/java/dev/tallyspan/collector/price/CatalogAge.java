package dev.tallyspan.collector.price;

import dev.tallyspan.pricing.PriceCatalog;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/**
 * How old the prices of a catalog are: from the day that it holds the prices of, at midnight UTC.
 *
 * @param version of the catalog
 * @param age of its prices; null if it does not say of which day they are
 */
public record CatalogAge(String version, Duration age) {

  /** New models and prices come every week: a catalog that is older misses some. */
  private static final Duration OLD = Duration.ofDays(30);

  public static CatalogAge of(PriceCatalog catalog, InstantSource clock) {
    LocalDate day = catalog.asOf();
    return new CatalogAge(
        catalog.version(),
        day == null
            ? null
            : Duration.between(day.atStartOfDay(ZoneOffset.UTC).toInstant(), clock.instant()));
  }

  /** Whether the prices are older than 30 days. */
  public boolean isOld() {
    return age != null && age.compareTo(OLD) > 0;
  }

  /** For people: {@code 2026-11-22, 5 days old}. */
  @Override
  public String toString() {
    if (age == null) {
      return version + ", of unknown age";
    }
    long days = Math.max(0, age.truncatedTo(ChronoUnit.DAYS).toDays());
    return version + ", " + days + (days == 1 ? " day old" : " days old");
  }
}
