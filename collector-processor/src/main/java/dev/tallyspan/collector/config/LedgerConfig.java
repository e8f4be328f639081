package dev.tallyspan.collector.config;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * {@code ledger}: how long billed calls are kept in the data directory.
 *
 * @param maxAge the age from which on calls are removed; default 400 days; zero = no limit
 * @param maxBytes the size of the database from which on the oldest calls are removed; default 10
 *     GiB; 0 = no limit
 */
public record LedgerConfig(Duration maxAge, long maxBytes) {

  /** What the ledger is called among the outputs of a pipeline. */
  public static final String ID = "ledger";

  /** A year and a month, so that months can be compared with those of the year before. */
  static final Duration DEFAULT_MAX_AGE = Duration.ofDays(400);

  private static final long MOST_BYTES = 1L << 60;

  /** The defaults. */
  public static final LedgerConfig DEFAULT = new LedgerConfig(DEFAULT_MAX_AGE, 10L << 30);

  public LedgerConfig {
    requireNonNull(maxAge, "maxAge");
  }

  static @Nullable LedgerConfig read(@Nullable Section section) {
    if (section == null) {
      return null;
    }
    LedgerConfig read =
        new LedgerConfig(
            section.duration("max_age", DEFAULT.maxAge),
            section.bytes("max_size", 0, MOST_BYTES, DEFAULT.maxBytes));
    section.end();
    return read;
  }
}
