package dev.tallyspan.collector.output.ledger;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.erasure.PersonalData;
import dev.tallyspan.collector.flow.Ack;
import dev.tallyspan.collector.flow.EpochNanos;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import dev.tallyspan.collector.output.ledger.Ledger.Access;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.pipeline.Output;
import dev.tallyspan.collector.pipeline.SpanRecord;
import dev.tallyspan.collector.pipeline.Verdict;
import dev.tallyspan.semconv.AttributeView;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.common.ValueType;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Writes the billed calls of the batches that its outputs get into the ledger, on a thread of its
 * own, and keeps the ledger within its limits. Thread-safe; no output blocks.
 */
public final class LedgerWriter implements AutoCloseable {

  /*
   * An output turns a batch into rows and leaves them here. The thread takes everything that has
   * come together, commits it as one transaction, and then settles the batches. So after a durable
   * queue, a request counts as delivered when its rows are on disk: after a crash before that, the
   * queue delivers it again, and after a crash behind it, the same rows replace themselves. If the
   * ledger cannot be written (it is locked, the disk is full), the batches are refused for now, the
   * queue keeps their requests, and nothing stays in memory.
   *
   * In a direct pipeline, the sender waits for the backend, and a ledger that is slow must not make
   * it send again what the backend has. There the ledger looks on: batches are settled at once, and
   * those for which there is no room are left out, counted and logged.
   *
   * The database is opened by the thread, because loading its native code takes a second. If there
   * is none for this platform, waiting does not help: then nothing is kept, and the queue is not
   * filled with requests for a ledger that will never be.
   */

  private static final Logger LOGGER = System.getLogger(LedgerWriter.class.getName());

  private static final AttributeKey<String> RESULT = AttributeKey.stringKey("result");
  private static final Attributes WRITTEN = Attributes.of(RESULT, "written");
  private static final Attributes DROPPED = Attributes.of(RESULT, "dropped");

  /** A commit waits for others that long, unless so many batches have come together. */
  private static final Duration GATHERING = Duration.ofMillis(200);

  private static final int GATHERED = 256;

  /** How many rows of direct pipelines may wait. */
  private static final int MOST_WAITING = 100_000;

  private static final Duration RETENTION_INTERVAL = Duration.ofMinutes(10);
  private static final Duration REOPEN_AFTER = Duration.ofSeconds(1);

  /**
   * @param ack null if it is settled
   */
  private record Waiting(List<LedgerEntry> entries, @Nullable Ack ack) {}

  private final Path directory;
  private final Duration maxAge;
  private final long maxBytes;
  private final InstantSource clock;
  private final LongCounter calls;
  private final Thread thread;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by lock.
  private List<Waiting> waiting = new ArrayList<>();
  private int waitingRows;
  private boolean closed;
  private boolean dropping;

  private volatile List<PersonalData> others = List.of();

  // Used by the thread only.
  private @Nullable LedgerDatabase database;
  private @Nullable LedgerEndpoint endpoint;
  private boolean failing;
  private boolean impossible;
  private long nextRetentionNanos;
  private long openNotBeforeNanos;

  private LedgerWriter(Builder builder) {
    directory = builder.directory;
    maxAge = builder.maxAge;
    maxBytes = builder.maxBytes;
    clock = builder.clock;
    calls =
        builder
            .meter
            .counterBuilder("tallyspan.ledger.calls")
            .setUnit("{call}")
            .setDescription(
                "Billed calls that the ledger has written, or has dropped because a direct pipeline"
                    + " does not wait for it or this machine has no DuckDB, by `result`.")
            .build();
    calls.add(0, WRITTEN);
    calls.add(0, DROPPED);
    long now = System.nanoTime();
    nextRetentionNanos = now;
    openNotBeforeNanos = now;
    thread = new Thread(this::run, "tallyspan-ledger");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Returns a builder.
   *
   * @param directory of the ledger, see {@link Ledger#directory}
   */
  public static Builder builder(Path directory) {
    return new Builder(directory);
  }

  /**
   * Returns an output for a pipeline.
   *
   * @param tenantAttribute of a span, or else its resource, that names the tenant
   * @param waits whether batches are settled when their rows are on disk; otherwise they are
   *     settled at once
   */
  public Output output(String tenantAttribute, boolean waits) {
    requireNonNull(tenantAttribute, "tenantAttribute");
    return batch -> write(batch, tenantAttribute, waits);
  }

  /** Sets where else this server keeps what people did, for commands that remove it. */
  public void others(List<PersonalData> places) {
    others = List.copyOf(places);
  }

  private void write(Batch batch, String tenantAttribute, boolean waits) {
    List<LedgerEntry> entries = entries(batch, tenantAttribute);
    Ack ack = batch.request().ack();
    if (!waits || entries.isEmpty()) {
      ack.settle(Outcome.ACCEPTED);
      ack = null;
    }
    if (entries.isEmpty()) {
      return;
    }
    boolean taken = false;
    boolean first = false;
    lock.lock();
    try {
      if (!closed && (waits || waitingRows < MOST_WAITING)) {
        waiting.add(new Waiting(entries, ack));
        waitingRows += entries.size();
        changed.signalAll();
        taken = true;
      } else if (!waits) {
        first = !dropping;
        dropping = true;
      }
    } finally {
      lock.unlock();
    }
    if (taken) {
      return;
    }
    if (ack != null) {
      ack.settle(Outcome.refused(StatusCode.UNAVAILABLE, "the ledger is closing"));
      return;
    }
    calls.add(entries.size(), DROPPED);
    if (first) {
      LOGGER.log(
          Level.WARNING,
          "the ledger is slower than what it gets: calls of direct pipelines are left out; they are"
              + " counted in tallyspan.ledger.calls");
    }
  }

  private List<LedgerEntry> entries(Batch batch, String tenantAttribute) {
    List<LedgerEntry> entries = new ArrayList<>();
    long now = EpochNanos.now(clock);
    boolean logs = batch.request().signal() == Signal.LOGS;
    batch.forEachRecord(
        (record, attributes, resource) -> {
          if (concerns(record, logs)) {
            String own = text(attributes, tenantAttribute);
            String tenant = own == null ? text(resource, tenantAttribute) : own;
            entries.add(LedgerEntry.of(record, tenant, now));
          }
        });
    return entries;
  }

  /**
   * Whether a record decides about a row. An earlier state of a span has the same ids as the last
   * one, which bills. A log record of a span says nothing that the span does not say itself.
   */
  private static boolean concerns(SpanRecord record, boolean log) {
    if (log) {
      return record.cost().status().isBilled() && !record.hasTraceId();
    }
    Verdict verdict = record.verdict();
    return record.cost().status().isBilled()
        || (!record.isEarlierState() && (verdict == null || verdict.rule() != Verdict.Rule.RESENT));
  }

  private static @Nullable String text(AttributeView attributes, String key) {
    Value<?> value = attributes.get(key);
    return value != null
            && (value.getType() == ValueType.STRING || value.getType() == ValueType.LONG)
        ? String.valueOf(value.getValue())
        : null;
  }

  private void run() {
    try {
      boolean more = true;
      while (more) {
        more = step();
      }
    } finally {
      closeDatabase();
    }
  }

  /** Returns false when everything is written and nothing more comes. */
  private boolean step() {
    if (database == null && !impossible && System.nanoTime() - openNotBeforeNanos >= 0) {
      open();
    }
    if (System.nanoTime() - nextRetentionNanos >= 0) {
      retain();
    }
    List<Waiting> taken = take();
    if (!taken.isEmpty()) {
      commit(taken);
      return true;
    }
    lock.lock();
    try {
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until something has come together; returns nothing if there is other work. */
  private List<Waiting> take() {
    long gathered = System.nanoTime() + GATHERING.toNanos();
    lock.lock();
    try {
      while (!closed && (waiting.isEmpty() || waiting.size() < GATHERED)) {
        long until =
            !waiting.isEmpty()
                ? gathered
                : database == null && !impossible ? openNotBeforeNanos : nextRetentionNanos;
        long left = until - System.nanoTime();
        if (left <= 0) {
          break;
        }
        if (waiting.isEmpty()) {
          changed.awaitNanos(left);
          gathered = System.nanoTime() + GATHERING.toNanos();
        } else {
          changed.awaitNanos(left);
        }
      }
      List<Waiting> taken = waiting;
      waiting = new ArrayList<>();
      waitingRows = 0;
      dropping = false;
      return taken;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closed = true;
      return List.of();
    } finally {
      lock.unlock();
    }
  }

  private void open() {
    try {
      database = LedgerDatabase.open(directory, Access.WRITE);
      endpoint = LedgerEndpoint.start(database, directory, () -> others);
      if (failing) {
        LOGGER.log(Level.INFO, "the ledger in {0} is written again", directory);
      }
      failing = false;
    } catch (IOException e) {
      if (e.getCause() instanceof LinkageError || e.getCause() instanceof IllegalStateException) {
        impossible = true;
        LOGGER.log(
            Level.ERROR,
            "the ledger is not kept: DuckDB does not run on this machine: {0}",
            e.getMessage());
      } else {
        failed(String.valueOf(e.getMessage()));
      }
    }
  }

  private void failed(String why) {
    closeDatabase();
    openNotBeforeNanos = System.nanoTime() + REOPEN_AFTER.toNanos();
    if (!failing) {
      failing = true;
      LOGGER.log(Level.WARNING, "the ledger cannot be written: {0}; trying again", why);
    }
  }

  private void commit(List<Waiting> taken) {
    List<LedgerEntry> entries = new ArrayList<>();
    taken.forEach(each -> entries.addAll(each.entries));
    Outcome outcome =
        impossible
            ? Outcome.ACCEPTED
            : Outcome.refused(StatusCode.UNAVAILABLE, "the ledger cannot be written");
    boolean written = false;
    LedgerDatabase open = database;
    if (open != null) {
      try {
        open.write(entries);
        outcome = Outcome.ACCEPTED;
        written = true;
        calls.add(entries.stream().filter(entry -> entry.values() != null).count(), WRITTEN);
      } catch (SQLException | RuntimeException e) {
        failed(LedgerDatabase.oneLine(e));
      }
    }
    for (Waiting each : taken) {
      if (!written && (impossible || each.ack == null)) {
        calls.add(each.entries.size(), DROPPED);
      }
      if (each.ack != null) {
        each.ack.settle(outcome);
      }
    }
  }

  private void retain() {
    nextRetentionNanos = System.nanoTime() + RETENTION_INTERVAL.toNanos();
    LedgerDatabase open = database;
    if (open == null) {
      return;
    }
    try {
      long removed = open.retain(clock.instant(), maxAge, maxBytes);
      if (removed > 0) {
        LOGGER.log(
            Level.INFO,
            "the ledger removed {0} calls that are beyond ledger.max_age or max_size",
            removed);
      }
    } catch (SQLException e) {
      LOGGER.log(
          Level.WARNING, "the ledger could not remove old calls: {0}", LedgerDatabase.oneLine(e));
    }
  }

  private void closeDatabase() {
    if (endpoint != null) {
      endpoint.close();
      endpoint = null;
    }
    if (database != null) {
      database.close();
      database = null;
    }
  }

  /** Writes what is waiting, and closes the ledger. Waits at most ten seconds. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      thread.join(Duration.ofSeconds(10).toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The settings of a writer. Not thread-safe. */
  public static final class Builder {
    private final Path directory;
    private Duration maxAge = Duration.ZERO;
    private long maxBytes;
    private InstantSource clock = InstantSource.system();
    private Meter meter = io.opentelemetry.api.OpenTelemetry.noop().getMeter("tallyspan");

    private Builder(Path directory) {
      this.directory = requireNonNull(directory, "directory");
    }

    /** How long calls are kept. Default: 0 = no limit. */
    public Builder maxAge(Duration age) {
      if (age.isNegative()) {
        throw new IllegalArgumentException("maxAge=" + age + ": must not be negative");
      }
      maxAge = age;
      return this;
    }

    /**
     * The size of the database, from which on the oldest calls are removed. Default: 0 = no limit.
     */
    public Builder maxBytes(long bytes) {
      if (bytes < 0) {
        throw new IllegalArgumentException("maxBytes=" + bytes + ": must not be negative");
      }
      maxBytes = bytes;
      return this;
    }

    /** Tells how old calls are. Default: the system's. */
    public Builder clock(InstantSource source) {
      clock = requireNonNull(source, "clock");
      return this;
    }

    /** Counts calls. Default: no metrics. */
    public Builder meter(Meter counting) {
      meter = requireNonNull(counting, "meter");
      return this;
    }

    /** Starts the writer. */
    public LedgerWriter start() {
      return new LedgerWriter(this);
    }
  }
}
