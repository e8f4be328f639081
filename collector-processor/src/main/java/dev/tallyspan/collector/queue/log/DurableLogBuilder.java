package dev.tallyspan.collector.queue.log;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashSet;
import java.util.Set;

/** Configures and opens a {@link DurableLog}. Each method throws if its argument is not usable. */
public final class DurableLogBuilder {

  private static final long DEFAULT_SEGMENT_BYTES = 64L << 20;
  private static final long DEFAULT_MAX_BYTES = 4L << 30;
  private static final long DEFAULT_MEMORY_BYTES = 32L << 20;
  private static final int STAGING_BYTES = 1 << 20;
  private static final long MIN_BYTES = 64 << 10;

  private final Path directory;
  private final Set<String> neighbours = new HashSet<>();
  private long segmentBytes = DEFAULT_SEGMENT_BYTES;
  private long maxBytes = DEFAULT_MAX_BYTES;
  private long memoryBytes = DEFAULT_MEMORY_BYTES;
  private boolean dropOldest;
  private Retention retention = Retention.NONE;
  private MasterKeys keys = MasterKeys.NONE;
  private LogListener listener = LogListener.NONE;
  private Clock clock = Clock.systemUTC();

  DurableLogBuilder(Path directory) {
    this.directory = requireNonNull(directory, "directory");
  }

  /**
   * The size of a file, in bytes; at least 64 KiB, 64 MiB by default. Delivered entries are deleted
   * in files. A larger entry gets a file of its own.
   */
  public DurableLogBuilder segmentBytes(long bytes) {
    segmentBytes = atLeast("segmentBytes", bytes, MIN_BYTES);
    return this;
  }

  /**
   * The maximum size of all entries that are kept, in bytes; at least 64 KiB, 4 GiB by default.
   * When it is reached, appends are refused with {@code UNAVAILABLE} and a retry delay.
   */
  public DurableLogBuilder maxBytes(long bytes) {
    maxBytes = atLeast("maxBytes", bytes, MIN_BYTES);
    return this;
  }

  /** When the log is full, deletes its oldest segment instead of refusing. Off by default. */
  public DurableLogBuilder dropOldest(boolean drop) {
    dropOldest = drop;
    return this;
  }

  /**
   * How much of the newest entries is kept in memory too, in bytes, for readers that keep up; 32
   * MiB by default, 0 = none.
   */
  public DurableLogBuilder memoryBytes(long bytes) {
    memoryBytes = atLeast("memoryBytes", bytes, 0);
    return this;
  }

  /** How long delivered entries are kept; not at all by default. */
  public DurableLogBuilder retention(Retention howLong) {
    retention = requireNonNull(howLong, "retention");
    return this;
  }

  /** The keys for new and existing segments. By default, segments are not encrypted. */
  public DurableLogBuilder keys(MasterKeys masterKeys) {
    keys = requireNonNull(masterKeys, "keys");
    return this;
  }

  /**
   * Allows a file or a directory of this name in the log's directory, in which other unknown names
   * are an error.
   *
   * @param name the name, with a "/" at the end if it is a directory
   */
  public DurableLogBuilder neighbour(String name) {
    neighbours.add(requireNonNull(name, "name"));
    return this;
  }

  public DurableLogBuilder listener(LogListener logListener) {
    listener = requireNonNull(logListener, "listener");
    return this;
  }

  /** The source of the entries' times. */
  public DurableLogBuilder clock(Clock source) {
    clock = requireNonNull(source, "clock");
    return this;
  }

  /**
   * Opens the log, creates its directory if it does not exist, and starts its threads. If the disk
   * is full, the log can be read, and is not healthy.
   *
   * @throws IOException with a message for the user, if the directory cannot be written, is in use,
   *     contains something else or files of a newer version, if a key is missing, or if the disk
   *     cannot be read
   */
  public DurableLog open() throws IOException {
    LogSettings settings =
        new LogSettings(
            segmentBytes,
            maxBytes,
            dropOldest,
            memoryBytes,
            STAGING_BYTES,
            retention,
            keys,
            Set.copyOf(neighbours),
            listener,
            clock,
            new SecureRandom());
    DurableLog log = DurableLog.open(LocalDisk.create(directory), settings);
    log.startThreads();
    return log;
  }

  private static long atLeast(String name, long value, long min) {
    if (value < min) {
      throw new IllegalArgumentException(name + "=" + value + ": must be at least " + min);
    }
    return value;
  }
}
