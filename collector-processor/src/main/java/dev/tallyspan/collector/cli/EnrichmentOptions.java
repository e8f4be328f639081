package dev.tallyspan.collector.cli;

import dev.tallyspan.pricing.CatalogException;
import dev.tallyspan.pricing.PriceCatalog;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** What is common to commands that price. */
final class EnrichmentOptions {

  @Option(
      names = "--catalog",
      paramLabel = "FILE",
      description = "A price catalog to use in place of the one that is shipped.")
  Path catalog;

  /** The catalog that is asked for. */
  PriceCatalog catalog() {
    if (catalog == null) {
      return PriceCatalog.shipped();
    }
    try {
      return PriceCatalog.read(catalog);
    } catch (CatalogException e) {
      throw CommandFailedException.badConfiguration(e.getMessage());
    }
  }
}
