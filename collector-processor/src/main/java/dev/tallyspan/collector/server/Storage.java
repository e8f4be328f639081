package dev.tallyspan.collector.server;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.config.StorageConfig;
import dev.tallyspan.collector.erasure.PersonalData;
import dev.tallyspan.collector.flow.EpochNanos;
import dev.tallyspan.collector.flow.Heap;
import dev.tallyspan.collector.flow.Timer;
import dev.tallyspan.collector.queue.DeadLetters;
import dev.tallyspan.collector.queue.LoggedDeadLetters;
import dev.tallyspan.collector.queue.RequestQueue;
import dev.tallyspan.collector.queue.log.CursorFile;
import dev.tallyspan.collector.queue.log.DamagedRange;
import dev.tallyspan.collector.queue.log.DurableLog;
import dev.tallyspan.collector.queue.log.DurableLogBuilder;
import dev.tallyspan.collector.queue.log.Health;
import dev.tallyspan.collector.queue.log.LogEntry;
import dev.tallyspan.collector.queue.log.LogListener;
import dev.tallyspan.collector.queue.log.MasterKeys;
import dev.tallyspan.collector.queue.log.Recovery;
import dev.tallyspan.collector.queue.log.RequestLog;
import dev.tallyspan.collector.queue.log.Retention;
import dev.tallyspan.collector.receiver.kafka.RefusedRecords;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.Meter;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The durable queue's data directory: the log, the positions of the outputs, the dead letters. */
public final class Storage implements AutoCloseable {

  private static final Logger LOGGER = System.getLogger(Storage.class.getName());

  private static final String QUEUE = "queue";
  static final String DEAD = "dead";

  /** The share of the size limit that is for dead letters. */
  private static final int DEAD_SHARE = 10;

  private static final long DEAD_SEGMENT_BYTES = 4L << 20;

  /** The newest requests are delivered from memory. */
  private static final long MEMORY_BYTES = Math.min(32L << 20, Heap.share(16));

  private final Path directory;
  private final DurableLog log;
  private final DurableLog dead;
  private final StorageMetrics metrics;

  /** Null until the queue is built. */
  private volatile @Nullable RequestQueue queue;

  private Storage(StorageConfig config, Path data, Meter meter) throws IOException {
    MasterKeys keys = keys(config.encryption());
    directory = queue(data);
    long deadBytes = config.maxBytes() / DEAD_SHARE;
    log =
        builder(directory, keys)
            .segmentBytes(config.segmentBytes())
            .maxBytes(config.maxBytes() - deadBytes)
            .dropOldest(config.dropOldest())
            .retention(new Retention(config.retainAge(), config.retainBytes()))
            .neighbour(DEAD + "/")
            .listener(new Events(StorageMetrics.fsyncDuration(meter)))
            .open();
    try {
      dead =
          builder(dead(data), keys)
              .segmentBytes(Math.min(config.segmentBytes(), DEAD_SEGMENT_BYTES))
              .maxBytes(deadBytes)
              .open();
    } catch (IOException | RuntimeException e) {
      log.close();
      throw e;
    }
    metrics = new StorageMetrics(meter, log, dead);
  }

  private static DurableLogBuilder builder(Path directory, MasterKeys keys) {
    return DurableLog.builder(directory).keys(keys).memoryBytes(MEMORY_BYTES);
  }

  /**
   * Opens the directory, and reports what an earlier run left.
   *
   * @throws StorageException if the directory cannot be used
   * @throws IllegalArgumentException if the encryption keys cannot be read
   */
  static Storage open(StorageConfig config, Meter meter) throws StorageException {
    try {
      return new Storage(config, requireNonNull(config.directory(), "directory"), meter);
    } catch (IOException e) {
      throw new StorageException(e);
    }
  }

  /** The directory of the queue in a data directory. */
  public static Path queue(Path data) {
    return data.resolve(QUEUE);
  }

  /** The directory of the dead letters in a data directory. */
  public static Path dead(Path data) {
    return queue(data).resolve(DEAD);
  }

  /**
   * Reads the encryption keys.
   *
   * @param encryption null for none
   * @throws IllegalArgumentException if they cannot be read, or are not valid
   */
  public static MasterKeys keys(StorageConfig.@Nullable Encryption encryption) {
    if (encryption == null) {
      return MasterKeys.NONE;
    }
    String where =
        encryption.keyFile() != null
            ? "storage.encryption.key_file " + encryption.keyFile()
            : "storage.encryption.key_env " + encryption.keyEnv();
    try {
      return MasterKeys.parse(lines(encryption));
    } catch (IOException e) {
      throw new IllegalArgumentException(where + ": cannot be read", e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(where + ": " + e.getMessage(), e);
    }
  }

  private static List<String> lines(StorageConfig.Encryption encryption) throws IOException {
    if (encryption.keyFile() != null) {
      return Files.readAllLines(encryption.keyFile());
    }
    String value = System.getenv(requireNonNull(encryption.keyEnv()));
    if (value == null) {
      throw new IllegalArgumentException("the variable is not set");
    }
    return value.lines().toList();
  }

  /** Returns a builder of the queue over this directory; pass the result to {@link #started}. */
  RequestQueue.Builder queue(Timer timer) throws IOException {
    CursorFile cursors = CursorFile.in(directory);
    Map<String, List<long[]>> done = cursors.load();
    CursorFile erasures = CursorFile.erasures(directory);
    return RequestQueue.builder("durable", log, timer)
        .cursors(done, cursors::save)
        .erasures(erasures.load(), erasures::save)
        // Without positions, every output must get what is there.
        .newOutputsFromStart(done.isEmpty())
        .deadLetters(new LoggedDeadLetters(dead));
  }

  /** Counts what an earlier run left, and starts the queue. */
  RequestQueue started(RequestQueue built) throws IOException {
    queue = built;
    try (RequestLog.Reader reader = log.reader(log.start())) {
      reader.forEach(
          entry ->
              built.recovered(
                  entry.sequence(), entry.items(), entry.labels(), entry.body().size()));
    }
    report(built);
    built.start();
    return built;
  }

  /** Keeps records that receivers cannot pass on as dead letters of the receiver. */
  RefusedRecords refusedRecords() {
    DeadLetters letters = new LoggedDeadLetters(dead);
    return (receiver, signal, items, value, refusal, kept) ->
        letters.add(
            new LogEntry(
                /* sequence= */ 0,
                EpochNanos.now(InstantSource.system()),
                signal,
                items,
                List.of(),
                value),
            "receiver " + receiver,
            refusal,
            kept::done);
  }

  private void report(RequestQueue built) {
    Recovery recovery = log.recovery();
    if (recovery.entries() > 0) {
      LOGGER.log(
          Level.INFO,
          "The queue in {0} holds {1} requests of earlier runs in {2} bytes",
          directory,
          recovery.entries(),
          recovery.bytes());
    }
    recovery
        .torn()
        .forEach(
            torn ->
                LOGGER.log(
                    Level.INFO,
                    "{0}: an incomplete write of {1} bytes at {2} was cut off; it was not"
                        + " acknowledged",
                    directory.resolve(torn.file()),
                    torn.bytes(),
                    torn.offset()));
    recovery.damaged().forEach(this::warn);
    for (String output : built.formerOutputs()) {
      LOGGER.log(
          Level.WARNING,
          "The queue in {0} keeps requests for {1}, which is not configured; to give them up, use"
              + " tallyspan queue drop --output {1}",
          directory,
          output);
    }
  }

  private void warn(DamagedRange damage) {
    LOGGER.log(
        Level.WARNING,
        "{0}: {1} bytes at {2} are damaged; {3} requests are lost",
        directory.resolve(damage.file()),
        damage.bytes(),
        damage.offset(),
        damage.entries());
  }

  /** What the directory keeps of people; only after {@link #started}. */
  PersonalData personalData(SubjectItems items) {
    return new KeptRequests(requireNonNull(queue, "queue"), log, dead, items);
  }

  Path directory() {
    return directory;
  }

  boolean isHealthy() {
    Health health = log.health();
    return health.ok() && dead.health().ok();
  }

  /** Closes the dead letters; the queue closes its log. */
  @Override
  public void close() {
    metrics.close();
    log.close();
    dead.close();
  }

  /** Tells the queue what is lost, and measures. */
  private final class Events implements LogListener {

    private final DoubleHistogram fsyncDuration;

    Events(DoubleHistogram fsyncDuration) {
      this.fsyncDuration = fsyncDuration;
    }

    @Override
    public void forced(long nanos) {
      fsyncDuration.record(nanos / 1e9);
    }

    @Override
    public void damaged(DamagedRange range) {
      warn(range);
      lost(range.first(), range.last());
    }

    @Override
    public void dropping(long first, long last) {
      LOGGER.log(
          Level.WARNING,
          "The queue in {0} is full: the requests {1} to {2} are dropped",
          directory,
          first,
          last);
      lost(first, last);
    }

    private void lost(long first, long last) {
      RequestQueue current = queue;
      if (current != null) {
        current.lost(first, last);
      }
    }
  }
}
