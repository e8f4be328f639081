package dev.tallyspan.pricing;

import dev.tallyspan.pricing.LiveCatalog.Reload;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;

/**
 * Contracts from a file that is read again when it changes. A version that cannot be had or has a
 * fault changes nothing: the last good one stays.
 */
public final class LiveContracts implements AutoCloseable {
  private final Reloader<Contracts> reloader;

  private LiveContracts(Builder builder) {
    reloader =
        new Reloader<>(
            CatalogSource.file(builder.file),
            Contracts.NONE,
            (name, text, published) -> Contracts.parse(name, text),
            Contracts::version,
            /* sha256= */ null,
            /* key= */ null,
            builder.listener,
            builder.clock);
    reloader.start(builder.interval);
  }

  /** Returns a builder for a contract file. */
  public static Builder file(Path file) {
    return new Builder(file);
  }

  /** Returns the contracts in force; none as long as no version was taken. */
  public Contracts current() {
    return reloader.current();
  }

  /** Returns when the current contracts came into force. */
  public Instant since() {
    return reloader.since();
  }

  /** Looks for a new version now, on the calling thread. */
  public Reload reload() {
    return reloader.reload();
  }

  /** Stops looking for new versions; the current one stays. */
  @Override
  public void close() {
    reloader.close();
  }

  /** Collects how to reload. */
  public static final class Builder {
    private final Path file;
    private Duration interval = Duration.ofMinutes(1);
    private Consumer<Reload> listener = reload -> {};
    private InstantSource clock = InstantSource.system();

    Builder(Path file) {
      this.file = file;
    }

    /** Sets how often to look for a new version. Default: one minute. */
    public Builder interval(Duration interval) {
      this.interval = interval;
      return this;
    }

    /** Sets who is told of every look that found something or failed. Default: nobody. */
    public Builder listener(Consumer<Reload> listener) {
      this.listener = listener;
      return this;
    }

    /** Sets what {@link LiveContracts#since} is told by. Default: the system's clock. */
    public Builder clock(InstantSource clock) {
      this.clock = clock;
      return this;
    }

    /**
     * Takes the first look on the calling thread and starts looking for new versions. A file that
     * cannot be had is no error here: the listener is told.
     *
     * @throws IllegalArgumentException for an interval that cannot be
     */
    public LiveContracts build() {
      Reloader.check(interval);
      return new LiveContracts(this);
    }
  }
}
