package dev.tallyspan.pricing;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A price table that was fetched: read, found sound, and compared with what held before.
 *
 * @param text the catalog to be kept, of this project's format
 * @param catalog what it says
 * @param notes what was left out of the table and why, one line each
 */
public record TableUpdate(String text, PriceCatalog catalog, List<String> notes) {

  /**
   * Fetches a table.
   *
   * @param format null for a catalog of this project's format
   * @param timeout of each of connection and answer
   * @throws CatalogException if it is not of the format, or has a fault
   * @throws IOException if it cannot be had
   */
  public static TableUpdate fetch(
      CatalogImport.@Nullable Format format, URI url, Duration timeout, InstantSource clock)
      throws CatalogException, IOException, InterruptedException {
    return read(format, CatalogSource.url(url, timeout), clock);
  }

  /** The same with a file. */
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
   * Returns what this table changes, in the order of keys: in the prices of the layer below, or, if
   * there was a table before, in what that one said.
   *
   * @param before the table that held before, or null
   * @param below the layer that tables are laid over
   */
  public List<CatalogDiff.Change> changes(
      @Nullable PriceCatalog before, PriceCatalog below, InstantSource clock) {
    Instant now = clock.instant();
    if (before != null) {
      return CatalogDiff.between(before, catalog, now);
    }
    List<CatalogDiff.Change> changes = new ArrayList<>();
    List<PricedModel> models = new ArrayList<>(catalog.differingFrom(below, now).models());
    models.sort(Comparator.comparing(PricedModel::name));
    models.forEach(model -> changes.addAll(CatalogDiff.of(model, below, now)));
    return changes;
  }
}
