package dev.tallyspan.pricing.live;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.pricing.CatalogDiff;
import dev.tallyspan.pricing.CatalogException;
import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.pricing.imports.CatalogImport;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A price table that was fetched and validated, and that can be compared with the previous prices.
 *
 * @param text the catalog to store, in this project's format
 * @param catalog parsed from the text
 * @param notes what was left out of the table and why, one line for each model
 */
public record TableUpdate(String text, PriceCatalog catalog, List<String> notes) {

  /**
   * Fetches a table from a URL.
   *
   * @param format null for a catalog in this project's format
   * @param timeout for connecting, and for the response
   * @param clock gives the day of the table if the server does not
   * @param url the address
   * @return the table, as a catalog
   * @throws CatalogException if the table is not in the format, or has a fault
   * @throws IOException if the URL cannot be read
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  public static TableUpdate fetch(
      CatalogImport.@Nullable Format format, URI url, Duration timeout, InstantSource clock)
      throws CatalogException, IOException, InterruptedException {
    return read(format, CatalogSource.url(url, timeout), clock);
  }

  /**
   * Reads a table from a file.
   *
   * @param format null for a catalog in this project's format
   * @param clock is not used if the file has a modification time
   * @param file the path of the file
   * @return the table, as a catalog
   * @throws CatalogException if the table is not in the format, or has a fault
   * @throws IOException if the file cannot be read
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  public static TableUpdate read(
      CatalogImport.@Nullable Format format, Path file, InstantSource clock)
      throws CatalogException, IOException, InterruptedException {
    return read(format, CatalogSource.file(file), clock);
  }

  private static TableUpdate read(
      CatalogImport.@Nullable Format format, CatalogSource source, InstantSource clock)
      throws CatalogException, IOException, InterruptedException {
    String text = requireNonNull(source.changed(), "what was never read has changed");
    if (format == null) {
      return new TableUpdate(text, PriceCatalog.parse(source.name(), text), List.of());
    }
    Instant published = source.published() == null ? clock.instant() : source.published();
    CatalogImport imported =
        CatalogImport.read(
            format,
            text,
            source.name(),
            /* version= */ null,
            LocalDate.ofInstant(published, ZoneOffset.UTC));
    return new TableUpdate(
        imported.catalog(),
        PriceCatalog.parse(source.name(), imported.catalog()),
        imported.notes());
  }

  /**
   * {@return the changes of this table, sorted by key: compared with the previous table or, if
   * there is none, with the layer below}
   *
   * @param before the previous table, or null
   * @param below the layer below the table
   * @param clock the clock to ask for the time
   */
  public List<CatalogDiff.Change> changes(
      @Nullable PriceCatalog before, PriceCatalog below, InstantSource clock) {
    Instant now = clock.instant();
    return before == null
        ? CatalogDiff.ofTable(catalog, below, now)
        : CatalogDiff.between(before, catalog, now);
  }
}
