package dev.tallyspan.collector.cli;

import dev.tallyspan.pricing.CatalogException;
import dev.tallyspan.pricing.PriceCatalog;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of all commands that price. */
final class EnrichmentOptions {

  @Option(
      names = "--catalog",
      paramLabel = "FILE",
      description = "A price catalog to use instead of the built-in one.")
  @Nullable Path catalog;

  /** Returns the catalog of the options. */
  PriceCatalog catalog() {
    if (catalog == null) {
      return PriceCatalog.shipped();
    }
    try {
      return PriceCatalog.read(catalog);
    } catch (CatalogException e) {
      throw CommandFailedException.badConfiguration(e);
    }
  }
}
