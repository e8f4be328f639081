package dev.tallyspan.spring;

import dev.tallyspan.pricing.imports.CatalogImport;
import dev.tallyspan.pricing.live.LiveCatalog;
import dev.tallyspan.pricing.live.Reload;
import dev.tallyspan.pricing.live.SignatureKey;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Opens the catalog that the properties name. */
final class ConfiguredCatalog {

  private static final System.Logger LOGGER = System.getLogger(ConfiguredCatalog.class.getName());

  private ConfiguredCatalog() {}

  /**
   * Reads a file, or fetches a URL, on the calling thread.
   *
   * @throws IllegalArgumentException if a property is not valid, or the prices cannot be read and
   *     {@code strict} is set
   */
  static LiveCatalog open(TallyspanProperties.Catalog properties, boolean strict) {
    LiveCatalog.Builder builder = source(properties);
    builder.format(format(properties.getFormat())).interval(properties.getReloadInterval());
    if (properties.getSha256() != null) {
      builder.sha256(properties.getSha256().toLowerCase(Locale.ROOT));
    }
    if (properties.getPublicKey() != null) {
      builder.signedBy(SignatureKey.parse(properties.getPublicKey()));
    }
    if (properties.getVectors() != null) {
      builder.vectors(properties.getVectors());
    }
    if (!properties.isLayered()) {
      builder.alone();
    }
    ReloadLog log = new ReloadLog();
    LiveCatalog catalog = builder.listener(log).build();
    if (strict && log.failure != null) {
      catalog.close();
      throw new IllegalArgumentException("tallyspan.catalog: " + log.failure);
    }
    return catalog;
  }

  private static LiveCatalog.Builder source(TallyspanProperties.Catalog properties) {
    Path file = properties.getFile();
    if (file != null && properties.getUrl() == null) {
      return LiveCatalog.file(file);
    }
    if (file == null && properties.getUrl() != null) {
      return LiveCatalog.url(properties.getUrl());
    }
    throw new IllegalArgumentException("tallyspan.catalog: set file or url, not both");
  }

  private static CatalogImport.@Nullable Format format(String name) {
    if (name.equals("tallyspan")) {
      return null;
    }
    CatalogImport.Format format = CatalogImport.Format.of(name);
    if (format == null) {
      throw new IllegalArgumentException("tallyspan.catalog.format=" + name + " is unknown");
    }
    return format;
  }

  /** Logs why a version is not used, once for each run of failures. */
  private static final class ReloadLog implements Consumer<Reload> {

    private volatile @Nullable String failure;

    @Override
    public void accept(Reload reload) {
      boolean failed =
          reload.outcome() == Reload.Outcome.FAILED || reload.outcome() == Reload.Outcome.REJECTED;
      if (failed && failure == null) {
        LOGGER.log(
            Level.WARNING,
            "Tallyspan cannot use the price catalog: "
                + reload.reason()
                + "; the last good version, or the prices in the jar, stay in use");
      } else if (!failed && failure != null) {
        LOGGER.log(Level.INFO, "Tallyspan uses price catalog " + reload.version() + " again");
      }
      failure = failed ? String.valueOf(reload.reason()) : null;
    }
  }
}
