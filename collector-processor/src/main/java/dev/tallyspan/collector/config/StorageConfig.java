package dev.tallyspan.collector.config;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * {@code storage}: where and how durable queues keep requests.
 *
 * @param directory null for none; no pipeline has a durable queue then
 * @param maxBytes the maximum size of all data in the directory; default 10 GiB
 * @param dropOldest what happens when that size is reached: whether the oldest undelivered requests
 *     are dropped, or new requests are refused; default false
 * @param segmentBytes the size of one file, from 1 MiB to half of {@code maxBytes}; default 64 MiB,
 *     or a quarter of {@code maxBytes} if that is less
 * @param retainAge how long to keep requests after their delivery; default 0
 * @param retainBytes the maximum size of delivered requests that are kept; default 0. If only one
 *     of the two limits is 0, there is no such limit; if both are, delivered requests are deleted
 *     immediately
 * @param encryption null for no encryption, which is the default
 */
public record StorageConfig(
    @Nullable Path directory,
    long maxBytes,
    boolean dropOldest,
    long segmentBytes,
    Duration retainAge,
    long retainBytes,
    @Nullable Encryption encryption) {

  static final long MIB = 1L << 20;
  static final long DEFAULT_MAX_BYTES = 10L << 30;
  static final long MIN_SEGMENT_BYTES = MIB;
  static final long DEFAULT_SEGMENT_BYTES = 64 * MIB;

  /** The defaults; no directory is set. */
  public static final StorageConfig DEFAULT =
      new StorageConfig(
          /* directory= */ null,
          DEFAULT_MAX_BYTES,
          /* dropOldest= */ false,
          DEFAULT_SEGMENT_BYTES,
          /* retainAge= */ Duration.ZERO,
          /* retainBytes= */ 0,
          /* encryption= */ null);

  public StorageConfig {
    requireNonNull(retainAge, "retainAge");
  }

  /** Returns a copy with this directory. */
  public StorageConfig withDirectory(@Nullable Path directory) {
    return new StorageConfig(
        directory, maxBytes, dropOldest, segmentBytes, retainAge, retainBytes, encryption);
  }

  /**
   * Where the key that encrypts the data comes from: exactly one of the two.
   *
   * @param keyFile a file, which reading the configuration does not open; null for the variable
   * @param keyEnv the name of an environment variable; null for the file
   */
  public record Encryption(@Nullable Path keyFile, @Nullable String keyEnv) {
    public Encryption {
      if ((keyFile == null) == (keyEnv == null)) {
        throw new IllegalArgumentException("set either key_file or key_env");
      }
    }
  }
}
