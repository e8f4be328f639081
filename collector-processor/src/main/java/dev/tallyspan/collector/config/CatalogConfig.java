package dev.tallyspan.collector.config;

import dev.tallyspan.pricing.imports.CatalogImport;
import dev.tallyspan.pricing.live.SignatureKey;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Where a processor's price catalog comes from, and how it is kept up to date.
 *
 * @param file the file; null if there is a URL
 * @param url an {@code http} or {@code https} URL; null if there is a file
 * @param format of the published table that it is; null for a catalog of this project's format
 * @param reloadInterval how often to look for a new version; default 1 min, at least 1 s
 * @param sha256 the only content to be taken, as lower-case hex digits; null for any
 * @param signedBy the key whose signature a version must have; null if it need not be signed
 * @param vectors priced examples that a new version must give; null for none
 * @param layered whether it is laid over the built-in catalog rather than replacing it; default
 *     false
 */
public record CatalogConfig(
    Path file,
    URI url,
    CatalogImport.Format format,
    Duration reloadInterval,
    String sha256,
    SignatureKey signedBy,
    Path vectors,
    boolean layered) {

  static final Duration RELOAD_INTERVAL = Duration.ofMinutes(1);

  public CatalogConfig {
    if ((file == null) == (url == null)) {
      throw new IllegalArgumentException("file=" + file + ", url: give one of the two");
    }
  }

  /** A file with all defaults. */
  public static CatalogConfig of(Path file) {
    return new CatalogConfig(
        file,
        /* url= */ null,
        /* format= */ null,
        RELOAD_INTERVAL,
        /* sha256= */ null,
        /* signedBy= */ null,
        /* vectors= */ null,
        /* layered= */ false);
  }

  /** The same, laid over the built-in catalog. */
  public CatalogConfig asLayer() {
    return new CatalogConfig(
        file, url, format, reloadInterval, sha256, signedBy, vectors, /* layered= */ true);
  }
}
