package dev.tallyspan.pricing;

import dev.tallyspan.pricing.Reloader.RefusedException;
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
 * A catalog from a file or URL that is read again when it changes.
 *
 * <p>A new version is read and proved on a thread of its own and then put in the place of the old
 * one in a single step; calls that are being priced finish with the catalog they began with. A
 * version that cannot be had, has a fault, another checksum or signature than required, or fails
 * its vectors changes nothing: the last good one stays.
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

  /** Returns a builder for a catalog file. */
  public static Builder file(Path file) {
    return new Builder(timeout -> CatalogSource.file(file));
  }

  /** Returns a builder for a catalog at an {@code http} or {@code https} URL. */
  public static Builder url(URI url) {
    return new Builder(timeout -> CatalogSource.url(url, timeout));
  }

  /** Returns the catalog to price by now; the layer below as long as no version was taken. */
  public PriceCatalog current() {
    return reloader.current();
  }

  /** Returns when the current catalog came into force. */
  public Instant since() {
    return reloader.since();
  }

  /** Looks for a new version now, on the calling thread. */
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

  /** A published table as a catalog; what is a catalog as it is. */
  private String catalog(String name, String text, @Nullable Instant published)
      throws CatalogException {
    if (format == null) {
      return text;
    }
    Instant asOf = published == null ? clock.instant() : published;
    LocalDate day = LocalDate.ofInstant(asOf, ZoneOffset.UTC);
    return CatalogImport.read(format, text, name, /* version= */ null, day).catalog();
  }

  /**
   * Published tables have prices, but neither other names of providers nor hosts, and less of a
   * model than a catalog may have: what they only repeat is left to the layer below, and so is what
   * was before the day of that.
   */
  private PriceCatalog layered(PriceCatalog read) {
    if (read.table() == null) {
      return alone ? read : read.over(below);
    }
    return alone
        ? read.over(below.withoutModels())
        : read.differingFrom(below, clock.instant()).over(below).since(below.asOf(), below);
  }

  /** The examples may be mended while the catalog stays, so what fails them is looked at again. */
  private void prove(PriceCatalog candidate) throws RefusedException, IOException {
    VectorRun run;
    try {
      String proof = vectorFile == null ? vectors : readVectors(vectorFile);
      run = VectorRun.run(new StringReader(proof), candidate);
    } catch (CatalogException e) {
      throw new RefusedException("cannot be proved: " + e.getMessage());
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

  /** Stops looking for new versions; the current one stays. */
  @Override
  public void close() {
    reloader.close();
  }

  /**
   * The outcome of one look at the source.
   *
   * @param version of the catalog in force after it
   * @param reason why a version was not taken, in one line; else null
   */
  public record Reload(Outcome outcome, String version, @Nullable String reason) {
    /** What came of it. */
    public enum Outcome {
      /** A new version is in force. */
      LOADED,
      /** There is no new version. */
      UNCHANGED,
      /** There is a new version, and it was refused. */
      REJECTED,
      /** The source could not be had. */
      FAILED
    }
  }

  /** Collects how to reload. */
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

    /** Sets how often to look for a new version. Default: one minute. */
    public Builder interval(Duration interval) {
      this.interval = interval;
      return this;
    }

    /** Sets how long a URL may take to answer. Default: ten seconds. */
    public Builder timeout(Duration timeout) {
      this.timeout = timeout;
      return this;
    }

    /** Sets the layer below. Default: the shipped catalog. */
    public Builder over(PriceCatalog below) {
      this.below = Objects.requireNonNull(below, "below");
      return this;
    }

    /**
     * Prices by what the source holds alone; the layer below is in force only until a first version
     * is taken. Default: what the source holds is laid over the layer below.
     */
    public Builder alone() {
      this.alone = true;
      return this;
    }

    /**
     * Sets what the source publishes. Default (and null): a catalog of this project's format.
     *
     * <p>Models of a published table whose prices are those of the layer below are left to it, as
     * it may know more of them than the table: service tiers, places, history. What the table says
     * otherwise holds from the day of that layer's prices on, and what only the table has always.
     */
    public Builder format(CatalogImport.@Nullable Format format) {
      this.format = format;
      return this;
    }

    /** Takes only a text with this checksum, in lower-case hexadecimal digits. Default: any. */
    public Builder sha256(String sha256) {
      this.sha256 = sha256;
      return this;
    }

    /** Takes only a text with a signature by this key beside it. Default: any. */
    public Builder signedBy(SignatureKey key) {
      this.signedBy = key;
      return this;
    }

    /** Takes only a catalog that these vectors pass with; see {@link VectorRun}. Default: any. */
    public Builder vectors(String vectors) {
      this.vectors = vectors;
      return this;
    }

    /** The same with a file of vectors, which is read anew for each version of the catalog. */
    public Builder vectors(Path file) {
      this.vectorFile = file;
      return this;
    }

    /** Sets who is told of every look that found something or failed. Default: nobody. */
    public Builder listener(Consumer<Reload> listener) {
      this.listener = listener;
      return this;
    }

    /** Sets what {@link LiveCatalog#since} is told by. Default: the system's clock. */
    public Builder clock(InstantSource clock) {
      this.clock = clock;
      return this;
    }

    /**
     * Takes the first look on the calling thread, so that nothing is priced by the layer below for
     * want of a moment, and starts looking for new versions. A source that cannot be had is no
     * error here: the listener is told.
     *
     * @throws IllegalArgumentException for an interval or checksum that cannot be, or vectors that
     *     cannot be read
     */
    public LiveCatalog build() {
      Reloader.check(interval);
      if (sha256 != null && !sha256.matches("[0-9a-f]{64}")) {
        throw new IllegalArgumentException("sha256=" + sha256 + " must be 64 hexadecimal digits");
      }
      if (vectorFile != null) {
        try {
          VectorReader.read(readVectors(vectorFile));
        } catch (CatalogException e) {
          throw new IllegalArgumentException("vectors=" + e.getMessage(), e);
        }
      }
      return new LiveCatalog(this, source.apply(timeout));
    }
  }
}
