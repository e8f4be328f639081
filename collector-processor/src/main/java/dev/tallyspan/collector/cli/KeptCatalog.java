package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.config.CatalogConfig;
import dev.tallyspan.pricing.CatalogException;
import dev.tallyspan.pricing.PriceCatalog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;

/**
 * Whether the price table of the data directory is used.
 *
 * @param config how it is used; null if it is not
 * @param reason why it is not, although it is there; else null
 */
record KeptCatalog(CatalogConfig config, String reason) {

  private static final KeptCatalog NONE = new KeptCatalog(null, null);

  /**
   * @param data the directory; null for none
   */
  static KeptCatalog of(Path data, PriceCatalog shipped) {
    Path file = data == null ? null : DataDirectory.catalog(data);
    if (file == null || !Files.exists(file)) {
      return NONE;
    }
    try {
      LocalDate day = PriceCatalog.read(file).asOf();
      boolean older = day != null && shipped.asOf() != null && day.isBefore(shipped.asOf());
      return older
          ? new KeptCatalog(
              null, file + " is of " + day + ", older than the built-in catalog; it is not used")
          : new KeptCatalog(CatalogConfig.of(file).asLayer(), null);
    } catch (CatalogException e) {
      return new KeptCatalog(null, e.getMessage() + "; it is not used");
    }
  }
}
