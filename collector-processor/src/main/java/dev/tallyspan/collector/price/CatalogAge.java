package dev.tallyspan.collector.price;

import dev.tallyspan.pricing.PriceCatalog;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * The age of the prices in a catalog, counted from midnight UTC of the day that they are from.
 *
 * @param version of the catalog
 * @param age of its prices; null if the catalog does not state their day
 */
public record CatalogAge(String version, @Nullable Duration age) {

  /** New models and prices appear every week: an older catalog lacks some of them. */
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

  /** Returns a text for users: {@code 2026-11-22, 5 days old}. */
  @Override
  public String toString() {
    if (age == null) {
      return version + ", of unknown age";
    }
    long days = Math.max(0, age.truncatedTo(ChronoUnit.DAYS).toDays());
    return version + ", " + days + (days == 1 ? " day old" : " days old");
  }
}
