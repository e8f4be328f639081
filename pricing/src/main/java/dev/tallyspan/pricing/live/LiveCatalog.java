package dev.tallyspan.pricing.live;

import dev.tallyspan.pricing.CatalogException;
import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.pricing.VectorRun;
import dev.tallyspan.pricing.imports.CatalogImport;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A catalog from a file or URL that is reloaded when it changes. Thread-safe.
 *
 * <p>A background thread reads and verifies a new version and then replaces the old one atomically;
 * calls that are being priced continue with the catalog they started with. A version that cannot be
 * read, has a fault, does not have the required checksum or signature, or fails its vectors is
 * rejected: the last good version stays in force.
 */
public final class LiveCatalog implements AutoCloseable {
  private final PriceCatalog below;
  private final boolean alone;
  private final CatalogImport.@Nullable Format format;
  private final InstantSource clock;
  private final @Nullable String vectors;
  private final @Nullable Path vectorFile;
  private final Reloader<PriceCatalog> reloader;

  private LiveCatalog(Builder builder, CatalogSource source) {
    this.below = builder.below;
    this.alone = builder.alone;
    this.format = builder.format;
    this.clock = builder.clock;
    this.vectors = builder.vectors;
    this.vectorFile = builder.vectorFile;
    this.reloader =
        new Reloader<>(
            source,
            below,
            this::read,
            PriceCatalog::version,
            builder.sha256,
            builder.signedBy,
            builder.listener,
            builder.clock);
    reloader.start(builder.interval);
  }

  /**
   * {@return a builder for a catalog file}
   *
   * @param file the path of the file
   */
  public static Builder file(Path file) {
    return new Builder(timeout -> CatalogSource.file(file));
  }

  /**
   * {@return a builder for a catalog at an {@code http} or {@code https} URL}
   *
   * @param url the address
   */
  public static Builder url(URI url) {
    return new Builder(timeout -> CatalogSource.url(url, timeout));
  }

  /** {@return the catalog in force; the layer below until a first version is loaded} */
  public PriceCatalog current() {
    return reloader.current();
  }

  /** {@return when the current catalog came into force} */
  public Instant since() {
    return reloader.since();
  }

  /**
   * Checks for a new version now, on the calling thread.
   *
   * @return whether there was a new version, and what became of it
   */
  public Reload reload() {
    return reloader.reload();
  }

  private PriceCatalog read(String name, String text, @Nullable Instant published)
      throws CatalogException, RefusedException, IOException {
    PriceCatalog candidate = layered(PriceCatalog.parse(name, catalog(name, text, published)));
    if (vectors != null || vectorFile != null) {
      prove(candidate);
    }
    return candidate;
  }

  /** Converts a published table to a catalog. A text that is a catalog already is unchanged. */
  private String catalog(String name, String text, @Nullable Instant published)
      throws CatalogException {
    if (format == null) {
      return text;
    }
    Instant asOf = published == null ? clock.instant() : published;
    LocalDate day = LocalDate.ofInstant(asOf, ZoneOffset.UTC);
    return CatalogImport.read(format, text, name, /* version= */ null, day).catalog();
  }

  private PriceCatalog layered(PriceCatalog read) {
    if (read.table() == null) {
      return alone ? read : read.over(below);
    }
    return alone ? read.withNamesOf(below) : read.asTableOver(below, clock.instant());
  }

  /**
   * The vectors may be fixed while the catalog stays the same, so a version that fails them is
   * tried again.
   */
  private void prove(PriceCatalog candidate) throws RefusedException, IOException {
    VectorRun run;
    try {
      String proof = vectorFile == null ? vectors : readVectors(vectorFile);
      run = VectorRun.run(new StringReader(proof), candidate);
    } catch (CatalogException e) {
      throw new RefusedException("cannot be checked: " + e.getMessage());
    }
    if (run.failed() > 0) {
      throw new RefusedException(
          run.failed() + " vectors fail, first " + run.failures().get(0).id());
    }
  }

  private static String readVectors(Path file) throws CatalogException {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new CatalogException(file + ": cannot be read: " + e.getClass().getSimpleName(), e);
    }
  }

  /** Stops checking for new versions. The current one stays in force. */
  @Override
  public void close() {
    reloader.close();
  }

  /** Builds a {@link LiveCatalog}. */
  public static final class Builder {
    private final Function<Duration, CatalogSource> source;
    private Duration interval = Duration.ofMinutes(1);
    private Duration timeout = Duration.ofSeconds(10);
    private PriceCatalog below = PriceCatalog.shipped();
    private boolean alone;
    private CatalogImport.@Nullable Format format;
    private @Nullable String sha256;
    private @Nullable SignatureKey signedBy;
    private @Nullable String vectors;
    private @Nullable Path vectorFile;
    private Consumer<Reload> listener = reload -> {};
    private InstantSource clock = InstantSource.system();

    Builder(Function<Duration, CatalogSource> source) {
      this.source = source;
    }

    /**
     * Sets the interval between checks for a new version, at least 1 ms. Default: one minute.
     *
     * @param interval the time between two checks
     * @return this
     */
    public Builder interval(Duration interval) {
      this.interval = interval;
      return this;
    }

    /**
     * Sets the timeout for connecting to a URL, and for its response. Default: ten seconds.
     *
     * @param timeout the longest time to wait
     * @return this
     */
    public Builder timeout(Duration timeout) {
      this.timeout = timeout;
      return this;
    }

    /**
     * Sets the layer below. Default: the shipped catalog.
     *
     * @param below the catalog that is asked for what this one does not have
     * @return this
     */
    public Builder over(PriceCatalog below) {
      this.below = Objects.requireNonNull(below, "below");
      return this;
    }

    /**
     * Uses only the prices of the source. The layer below is in force until a first version is
     * loaded. Default: the source is layered over the layer below.
     *
     * @return this
     */
    public Builder alone() {
      this.alone = true;
      return this;
    }

    /**
     * Sets the format of the source. Default, and null: a catalog in this project's format.
     *
     * <p>If the source is a published table, models that have the same prices in the layer below
     * are taken from that layer, which may have more details: service tiers, places, history.
     * Prices of the table that differ apply from the day of that layer's prices on; models that
     * only the table has apply at any time.
     *
     * @param format the format
     * @return this
     */
    public Builder format(CatalogImport.@Nullable Format format) {
      this.format = format;
      return this;
    }

    /**
     * Accepts only a text with this SHA-256 checksum, 64 lower-case hexadecimal digits. Default:
     * any.
     *
     * @param sha256 the checksum, in hexadecimal digits
     * @return this
     */
    public Builder sha256(String sha256) {
      this.sha256 = sha256;
      return this;
    }

    /**
     * Accepts only a text that is signed by this key. Default: any.
     *
     * @param key the key
     * @return this
     */
    public Builder signedBy(SignatureKey key) {
      this.signedBy = key;
      return this;
    }

    /**
     * Accepts only a catalog that passes these vectors; see {@link VectorRun}. Default: any.
     *
     * @param vectors the priced examples
     * @return this
     */
    public Builder vectors(String vectors) {
      this.vectors = vectors;
      return this;
    }

    /**
     * Accepts only a catalog that passes the vectors in a file, which is read again for each
     * version. Takes precedence over {@link #vectors(String)}.
     *
     * @param file the path of the file
     * @return this
     */
    public Builder vectors(Path file) {
      this.vectorFile = file;
      return this;
    }

    /**
     * Sets a listener for the results of all checks, except those that find no new version. Called
     * on the thread that checks. Default: none.
     *
     * @param listener is called after each reload
     * @return this
     */
    public Builder listener(Consumer<Reload> listener) {
      this.listener = listener;
      return this;
    }

    /**
     * Sets the clock for {@link LiveCatalog#since}, and for the day of a table that has none.
     * Default: the system clock.
     *
     * @param clock the clock to ask for the time
     * @return this
     */
    public Builder clock(InstantSource clock) {
      this.clock = clock;
      return this;
    }

    /**
     * Reads the source on the calling thread, so that no call is priced by the layer below just
     * because loading takes a moment, and starts checking for new versions. If the source cannot be
     * read, the listener is notified and no exception is thrown.
     *
     * @return the catalog
     * @throws IllegalArgumentException if the interval is shorter than 1 ms, the checksum is not 64
     *     hexadecimal digits, or the vector file cannot be read
     */
    public LiveCatalog build() {
      Reloader.check(interval);
      if (sha256 != null && !sha256.matches("[0-9a-f]{64}")) {
        throw new IllegalArgumentException("sha256=" + sha256 + " must be 64 hexadecimal digits");
      }
      if (vectorFile != null) {
        try {
          VectorRun.checkFormat(readVectors(vectorFile));
        } catch (CatalogException e) {
          throw new IllegalArgumentException("vectors=" + e.getMessage(), e);
        }
      }
      return new LiveCatalog(this, source.apply(timeout));
    }
  }
}
