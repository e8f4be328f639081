package dev.tallyspan.pricing.live;

import dev.tallyspan.pricing.Contracts;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;

/**
 * Contracts from a file that is reloaded when it changes. A version that cannot be read or has a
 * fault is rejected: the last good version stays in force. Thread-safe.
 */
public final class LiveContracts implements AutoCloseable {
  private final Reloader<Contracts> reloader;

  private LiveContracts(Builder builder) {
    reloader =
        new Reloader<>(
            CatalogSource.file(builder.file),
            Contracts.none(),
            (name, text, published) -> Contracts.parse(name, text),
            Contracts::version,
            /* sha256= */ null,
            /* key= */ null,
            builder.listener,
            builder.clock);
    reloader.start(builder.interval);
  }

  /**
   * {@return a builder for a contract file}
   *
   * @param file the path of the file
   */
  public static Builder file(Path file) {
    return new Builder(file);
  }

  /** {@return the contracts in force; none until a first version is loaded} */
  public Contracts current() {
    return reloader.current();
  }

  /** {@return when the current contracts came into force} */
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

  /** Stops checking for new versions. The current one stays in force. */
  @Override
  public void close() {
    reloader.close();
  }

  /** Builds {@link LiveContracts}. */
  public static final class Builder {
    private final Path file;
    private Duration interval = Duration.ofMinutes(1);
    private Consumer<Reload> listener = reload -> {};
    private InstantSource clock = InstantSource.system();

    Builder(Path file) {
      this.file = file;
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
     * Sets the clock for {@link LiveContracts#since}. Default: the system clock.
     *
     * @param clock the clock to ask for the time
     * @return this
     */
    public Builder clock(InstantSource clock) {
      this.clock = clock;
      return this;
    }

    /**
     * Reads the file on the calling thread and starts checking for new versions. If the file cannot
     * be read, the listener is notified and no exception is thrown.
     *
     * @return the contracts
     * @throws IllegalArgumentException if the interval is shorter than 1 ms
     */
    public LiveContracts build() {
      Reloader.check(interval);
      return new LiveContracts(this);
    }
  }
}
