package dev.tallyspan.sdk;

import dev.tallyspan.pricing.imports.CatalogImport;
import dev.tallyspan.pricing.live.LiveCatalog;
import dev.tallyspan.pricing.live.SignatureKey;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where prices come from; exactly one of {@code file} and {@code url} is given.
 *
 * @param file with prices
 * @param url of prices, {@code http} or {@code https}
 * @param format of a published table; null for a catalog of Tallyspan
 * @param reloadInterval between checks for a new version
 * @param sha256 of the only content to accept, in lower-case hex; null for any
 * @param publicKey whose signature a version must have; null for none
 * @param vectors a file of priced examples that a version must reproduce; null for none
 * @param layered whether the catalog is layered over the shipped one, instead of replacing it
 */
record CatalogSettings(
    @Nullable Path file,
    @Nullable URI url,
    CatalogImport.@Nullable Format format,
    Duration reloadInterval,
    @Nullable String sha256,
    @Nullable SignatureKey publicKey,
    @Nullable Path vectors,
    boolean layered) {

  static final Duration RELOAD_INTERVAL = Duration.ofMinutes(1);

  LiveCatalog.Builder live() {
    LiveCatalog.Builder live =
        file != null ? LiveCatalog.file(file) : LiveCatalog.url(Objects.requireNonNull(url, "url"));
    live.format(format).interval(reloadInterval);
    if (sha256 != null) {
      live.sha256(sha256);
    }
    if (publicKey != null) {
      live.signedBy(publicKey);
    }
    if (vectors != null) {
      live.vectors(vectors);
    }
    return layered ? live : live.alone();
  }
}
