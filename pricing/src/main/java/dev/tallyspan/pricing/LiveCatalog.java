package dev.tallyspan.pricing;

import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A catalog from a file or URL that is read again when it changes.
 *
 * <p>A new version is read and proved on a thread of its own and then put in the place of the old
 * one in a single step; calls that are being priced finish with the catalog they began with. A
 * version that cannot be had, has a fault, has another checksum than required or fails its vectors
 * changes nothing: the last good one stays.
 */
public final class LiveCatalog implements AutoCloseable {
  private final CatalogSource source;
  private final PriceCatalog below;
  private final boolean alone;
  private final String sha256;
  private final String vectors;
  private final Consumer<Reload> listener;
  private final InstantSource clock;
  private final ScheduledExecutorService executor;
  private volatile PriceCatalog current;
  private volatile Instant since;
  private String seenDigest;

  private LiveCatalog(Builder builder, CatalogSource source) {
    this.source = source;
    this.below = builder.below;
    this.alone = builder.alone;
    this.sha256 = builder.sha256;
    this.vectors = builder.vectors;
    this.listener = builder.listener;
    this.clock = builder.clock;
    this.current = below;
    this.since = clock.instant();
    this.executor =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "tallyspan-catalog");
              thread.setDaemon(true);
              return thread;
            });
  }

  private LiveCatalog start(Duration interval) {
    reload();
    long period = interval.toMillis();
    executor.scheduleWithFixedDelay(this::reload, period, period, TimeUnit.MILLISECONDS);
    return this;
  }

  /** Returns a builder for a catalog file. */
  public static Builder file(Path file) {
    return new Builder(file, null);
  }

  /** Returns a builder for a catalog at an {@code http} or {@code https} URL. */
  public static Builder url(URI url) {
    return new Builder(null, url);
  }

  /** Returns the catalog to price by now; the layer below as long as no version was taken. */
  public PriceCatalog current() {
    return current;
  }

  /** Returns when the current catalog came into force. */
  public Instant since() {
    return since;
  }

  /** Looks for a new version now, on the calling thread. */
  public Reload reload() {
    Reload result = attempt();
    if (result.outcome() != Reload.Outcome.UNCHANGED) {
      try {
        listener.accept(result);
      } catch (RuntimeException e) {
        // A listener must not stop the reloading; there is nobody else to tell.
      }
    }
    return result;
  }

  private synchronized Reload attempt() {
    try {
      String text = source.changed();
      if (text == null) {
        return new Reload(Reload.Outcome.UNCHANGED, current.version(), null);
      }
      String digest = digest(text);
      if (digest.equals(seenDigest)) {
        return new Reload(Reload.Outcome.UNCHANGED, current.version(), null);
      }
      if (sha256 != null && !digest.equals(sha256)) {
        return rejected("its sha256 is " + digest + ", required is " + sha256);
      }
      PriceCatalog read = PriceCatalog.parse(source.name(), text);
      PriceCatalog candidate = alone ? read : read.over(below);
      String failure = prove(candidate);
      if (failure != null) {
        return rejected(failure);
      }
      seenDigest = digest;
      since = clock.instant();
      current = candidate;
      return new Reload(Reload.Outcome.LOADED, candidate.version(), null);
    } catch (CatalogException e) {
      // Names the source itself.
      return new Reload(Reload.Outcome.REJECTED, current.version(), e.getMessage());
    } catch (CharacterCodingException e) {
      return failed("is not UTF-8 text; save it as UTF-8");
    } catch (FileSystemException e) {
      return failed("cannot be read: " + e.getClass().getSimpleName());
    } catch (IOException e) {
      return failed(e.getClass().getSimpleName() + ": " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return failed("interrupted");
    } catch (RuntimeException e) {
      return failed(e.getClass().getSimpleName());
    }
  }

  private String prove(PriceCatalog candidate) throws IOException, CatalogException {
    if (vectors == null) {
      return null;
    }
    VectorRun run = VectorRun.run(new StringReader(vectors), candidate);
    if (run.failed() == 0) {
      return null;
    }
    VectorRun.Failure first = run.failures().get(0);
    return run.failed() + " vectors fail, first " + first.id();
  }

  private Reload rejected(String reason) {
    return new Reload(Reload.Outcome.REJECTED, current.version(), source.name() + " " + reason);
  }

  private Reload failed(String reason) {
    return new Reload(Reload.Outcome.FAILED, current.version(), source.name() + ": " + reason);
  }

  private static String digest(String text) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Stops looking for new versions; the current one stays. */
  @Override
  public void close() {
    executor.shutdownNow();
  }

  /**
   * The outcome of one look at the source.
   *
   * @param version of the catalog in force after it
   * @param reason why a version was not taken, in one line; else null
   */
  public record Reload(Outcome outcome, String version, String reason) {
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
    private final Path file;
    private final URI url;
    private Duration interval = Duration.ofMinutes(1);
    private Duration timeout = Duration.ofSeconds(10);
    private PriceCatalog below = PriceCatalog.shipped();
    private boolean alone;
    private String sha256;
    private String vectors;
    private Consumer<Reload> listener = reload -> {};
    private InstantSource clock = InstantSource.system();

    Builder(Path file, URI url) {
      this.file = file;
      this.url = url;
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
      this.below = below;
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

    /** Takes only a text with this checksum, in lower-case hexadecimal digits. Default: any. */
    public Builder sha256(String sha256) {
      this.sha256 = sha256;
      return this;
    }

    /** Takes only a catalog that these vectors pass with; see {@link VectorRun}. Default: any. */
    public Builder vectors(String vectors) {
      this.vectors = vectors;
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
     * @throws IllegalArgumentException for an interval or checksum that cannot be
     */
    public LiveCatalog build() {
      if (interval.toMillis() < 1) {
        throw new IllegalArgumentException("interval=" + interval + " must be 1 ms or more");
      }
      if (sha256 != null && !sha256.matches("[0-9a-f]{64}")) {
        throw new IllegalArgumentException("sha256=" + sha256 + " must be 64 hexadecimal digits");
      }
      if (below == null) {
        throw new IllegalArgumentException("over=null; give a catalog");
      }
      CatalogSource source =
          file != null ? CatalogSource.file(file) : CatalogSource.url(url, timeout);
      return new LiveCatalog(this, source).start(interval);
    }
  }
}
