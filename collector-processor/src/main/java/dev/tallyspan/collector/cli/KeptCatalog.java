package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.config.CatalogConfig;
import dev.tallyspan.pricing.CatalogException;
import dev.tallyspan.pricing.PriceCatalog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * The price table in the data directory.
 *
 * @param config how it is used; null if it is not used
 * @param reason why it is not used although it exists; otherwise null
 */
record KeptCatalog(@Nullable CatalogConfig config, @Nullable String reason) {

  private static final KeptCatalog NONE = new KeptCatalog(null, null);

  /**
   * @param data the directory; null for none
   */
  static KeptCatalog of(@Nullable Path data, PriceCatalog shipped) {
    Path file = data == null ? null : DataDirectory.catalog(data);
    if (file == null || !Files.exists(file)) {
      return NONE;
    }
    try {
      LocalDate day = PriceCatalog.read(file).asOf();
      boolean older = day != null && shipped.asOf() != null && day.isBefore(shipped.asOf());
      return older
          ? new KeptCatalog(
              null, file + " is from " + day + ", older than the built-in catalog; it is not used")
          : new KeptCatalog(CatalogConfig.of(file).asLayer(), null);
    } catch (CatalogException e) {
      return new KeptCatalog(null, e.getMessage() + "; it is not used");
    }
  }
}
