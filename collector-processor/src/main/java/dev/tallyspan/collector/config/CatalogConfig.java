package dev.tallyspan.collector.config;

import dev.tallyspan.pricing.imports.CatalogImport;
import dev.tallyspan.pricing.live.SignatureKey;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where a processor's price catalog comes from, and how it is kept up to date.
 *
 * @param file the file; null if there is a URL
 * @param url an {@code http} or {@code https} URL; null if there is a file
 * @param format the format of a published price table; null for a catalog in Tallyspan's format
 * @param reloadInterval how often to look for a new version; default 1 min, at least 1 s
 * @param sha256 the SHA-256 of the only content that is accepted, in lower-case hex; null for any
 * @param signedBy the key whose signature a version must have; null if it need not be signed
 * @param vectors priced examples that a new version must reproduce; null for none
 * @param layered whether it is layered over the built-in catalog instead of replacing it; default
 *     false
 */
public record CatalogConfig(
    @Nullable Path file,
    @Nullable URI url,
    CatalogImport.@Nullable Format format,
    Duration reloadInterval,
    @Nullable String sha256,
    @Nullable SignatureKey signedBy,
    @Nullable Path vectors,
    boolean layered) {

  static final Duration RELOAD_INTERVAL = Duration.ofMinutes(1);

  public CatalogConfig {
    if ((file == null) == (url == null)) {
      throw new IllegalArgumentException("file=" + file + ", url: set either file or url");
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

  /** Returns a copy that is layered over the built-in catalog. */
  public CatalogConfig asLayer() {
    return new CatalogConfig(
        file, url, format, reloadInterval, sha256, signedBy, vectors, /* layered= */ true);
  }
}
