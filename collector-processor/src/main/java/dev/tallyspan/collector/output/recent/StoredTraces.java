package dev.tallyspan.collector.output.recent;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.erasure.PersonalData;
import dev.tallyspan.collector.erasure.Removal;
import dev.tallyspan.collector.erasure.Subject;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.queue.log.DurableLog;
import dev.tallyspan.collector.queue.log.LogEntry;
import dev.tallyspan.collector.queue.log.MasterKeys;
import dev.tallyspan.collector.queue.log.RequestLog;
import dev.tallyspan.collector.queue.log.Retention;
import dev.tallyspan.collector.wire.Slices;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the spans of {@link RecentTraces} on disk, so that they are there after a restart.
 * Thread-safe; spans are added without blocking.
 */
public final class StoredTraces implements PersonalData, AutoCloseable {

  /*
   * A log of its own, like that of the queue, with what that has: encryption, a limit by size and by
   * age, and a torn tail that is cut off. An entry is spans of one trace; its labels are the version
   * of the format and the trace id, so that a trace is erased without reading its spans.
   *
   * Written behind: once a second, and by one thread. Each write of the log is forced, and forces
   * once a second do not compete with those of the queue. A process that is killed loses the traces
   * of that second; they are copies for people to look at, and no sender was promised anything.
   *
   * Read in the background: into a store of its own with the same limits, which then joins the one
   * that is shown. So a start does not wait, a span that arrives meanwhile is not replaced by what it
   * was before, and the traces of the last run stay behind those of this one when room is needed.
   */

  private static final Logger LOGGER = System.getLogger(StoredTraces.class.getName());

  private static final long WRITE_EVERY_MILLIS = 1000;
  private static final long WARN_EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final long EXPIRE_EVERY_SECONDS = 60;

  /** What may wait to be written, or to be forced. */
  private static final long MAX_WAITING_BYTES = 16L << 20;

  /** Old traces are deleted in files. */
  private static final int FILES = 32;

  private static final long MIN_FILE_BYTES = 256 << 10;
  private static final long MAX_FILE_BYTES = 16L << 20;

  /** Null if nothing is shown, and nothing is added. */
  private final @Nullable RecentTraces traces;

  private final DurableLog log;
  private final ScheduledThreadPoolExecutor thread;
  private final CountDownLatch loaded = new CountDownLatch(1);
  private final long firstOfThisRun;
  private final Object writing = new Object();
  private volatile boolean closed;

  // Guarded by this.
  private Map<String, Map<String, RecentSpan>> waiting = new LinkedHashMap<>();
  private long waitingBytes;
  private long appendedBytes;
  private long nextWarningNanos = System.nanoTime();

  private StoredTraces(@Nullable RecentTraces traces, DurableLog log) {
    this.traces = traces;
    this.log = log;
    firstOfThisRun = log.end();
    thread =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread created = new Thread(task, "stored-traces");
              created.setDaemon(true);
              return created;
            });
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    if (traces == null) {
      loaded.countDown();
      return;
    }
    Thread loading = new Thread(() -> load(traces), "stored-traces-load");
    loading.setDaemon(true);
    loading.start();
    thread.scheduleWithFixedDelay(
        this::write, WRITE_EVERY_MILLIS, WRITE_EVERY_MILLIS, TimeUnit.MILLISECONDS);
    thread.scheduleWithFixedDelay(this::expire, 0, EXPIRE_EVERY_SECONDS, TimeUnit.SECONDS);
  }

  /** The directory of the traces in a data directory. */
  public static Path directory(Path data) {
    return data.resolve("viewer");
  }

  /**
   * Opens the traces of earlier runs, and starts to read them in the background.
   *
   * @param traces what is shown; its limits apply to the disk too
   * @param keys for encryption
   * @throws IOException with a message for the user, if the directory cannot be used
   */
  public static StoredTraces open(Path directory, RecentTraces traces, MasterKeys keys)
      throws IOException {
    return new StoredTraces(requireNonNull(traces, "traces"), log(directory, traces, keys));
  }

  /**
   * Opens the traces of a server that does not run, to remove some of them. Nothing else is
   * deleted.
   *
   * @throws IOException with a message for the user, if the directory cannot be used
   */
  public static StoredTraces openToForget(Path directory, MasterKeys keys) throws IOException {
    return new StoredTraces(/* traces= */ null, DurableLog.builder(directory).keys(keys).open());
  }

  private static DurableLog log(Path directory, RecentTraces traces, MasterKeys keys)
      throws IOException {
    long file = Math.max(MIN_FILE_BYTES, Math.min(MAX_FILE_BYTES, traces.maxBytes() / FILES));
    return DurableLog.builder(directory)
        .keys(keys)
        .segmentBytes(file)
        .maxBytes(Math.max(2 * file, traces.maxBytes()))
        .dropOldest(true)
        .retention(new Retention(traces.maxAge(), traces.maxBytes()))
        .memoryBytes(0)
        .open();
  }

  /** Keeps spans, which the store has taken. Leaves them out while too much waits. */
  void add(Collection<RecentSpan> spans) {
    boolean first = false;
    synchronized (this) {
      for (RecentSpan span : spans) {
        if (waitingBytes + appendedBytes > MAX_WAITING_BYTES) {
          first = System.nanoTime() - nextWarningNanos >= 0;
          nextWarningNanos = first ? System.nanoTime() + WARN_EVERY_NANOS : nextWarningNanos;
          break;
        }
        RecentSpan before =
            waiting
                .computeIfAbsent(span.traceId(), id -> new LinkedHashMap<>())
                .put(span.key(), span);
        waitingBytes += span.bytes() - (before == null ? 0 : before.bytes());
      }
    }
    if (first) {
      LOGGER.log(
          Level.WARNING, "the viewer: the disk is slower than the traces; some are not kept on it");
    }
  }

  private void write() {
    try {
      // A span that replaces another must not overtake it.
      synchronized (writing) {
        Map<String, Map<String, RecentSpan>> taken;
        synchronized (this) {
          taken = waiting;
          waiting = new LinkedHashMap<>();
          waitingBytes = 0;
        }
        taken.forEach(this::write);
      }
    } catch (RuntimeException e) {
      LOGGER.log(Level.ERROR, "the viewer: traces cannot be written: {0}", e.getClass().getName());
    }
  }

  private void write(String traceId, Map<String, RecentSpan> spans) {
    byte[] bytes = SpanCodec.encode(spans.values());
    synchronized (this) {
      appendedBytes += bytes.length;
    }
    log.append(
        Signal.TRACES,
        spans.size(),
        List.of(SpanCodec.VERSION, traceId),
        Slices.of(bytes),
        new RequestLog.Appended() {
          @Override
          public void stored(long sequence) {
            written(bytes.length);
          }

          @Override
          public void refused(Outcome.Refused why) {
            written(bytes.length); // The log has said that the disk fails.
          }
        });
  }

  private synchronized void written(long bytes) {
    appendedBytes -= bytes;
    if (appendedBytes == 0) {
      notifyAll();
    }
  }

  /** Nothing waits for an entry, so all are deleted as soon as a limit says so. */
  private void expire() {
    try {
      log.discard((first, last) -> true);
    } catch (RuntimeException e) {
      LOGGER.log(
          Level.WARNING, "the viewer: old traces cannot be deleted: {0}", e.getClass().getName());
    }
  }

  private void load(RecentTraces traces) {
    try {
      RecentTraces earlier = traces.another();
      forEach(log.start(), firstOfThisRun, (entry, spans) -> earlier.restore(spans, entry.time()));
      earlier.summaries(); // So that the first page does not wait for it.
      traces.join(earlier);
    } catch (IOException | RuntimeException e) {
      if (closed) {
        return;
      }
      LOGGER.log(
          Level.WARNING,
          "the viewer: the traces of earlier runs cannot be read: {0}",
          e.getClass().getName());
    } finally {
      loaded.countDown();
    }
  }

  private interface Visitor {
    void visit(LogEntry entry, List<RecentSpan> spans);
  }

  private void forEach(long from, long to, Visitor visitor) throws IOException {
    try (RequestLog.Reader reader = log.reader(from)) {
      for (LogEntry entry = reader.next();
          entry != null && entry.sequence() < to;
          entry = reader.next()) {
        if (entry.labels().size() == 2 && entry.labels().get(0).equals(SpanCodec.VERSION)) {
          visitor.visit(entry, SpanCodec.decode(entry.labels().get(1), entry.body().toByteArray()));
        }
      }
    }
  }

  @Override
  public String place() {
    return "the viewer";
  }

  @Override
  public void findTraces(Subject subject, Set<String> traceIds) throws IOException {
    settle();
    forEach(
        log.start(),
        log.end(),
        (entry, spans) -> {
          if (spans.stream().anyMatch(span -> RecentTraces.isOf(span, subject))) {
            traceIds.add(entry.labels().get(1));
          }
        });
  }

  /** {@inheritDoc} No more spans of them may be added. */
  @Override
  public List<Removal> forget(Subject subject, Set<String> traceIds) throws IOException {
    synchronized (this) {
      waiting.keySet().removeAll(traceIds);
    }
    settle();
    Set<String> removed = new HashSet<>();
    log.erase(
        log.start(),
        log.end() - 1,
        entry -> {
          boolean chosen = entry.labels().size() == 2 && traceIds.contains(entry.labels().get(1));
          if (chosen) {
            removed.add(entry.labels().get(1));
          }
          return chosen;
        });
    return List.of(
        Removal.done(
            "removed " + Removal.count(removed.size(), "trace") + " of the viewer from the disk"));
  }

  /** Waits until earlier traces are read, and everything that was added is on disk. */
  private void settle() throws IOException {
    awaitLoaded();
    write();
    try {
      synchronized (this) {
        while (appendedBytes > 0) {
          wait();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Blocks until everything that was added is on disk, and what is beyond a limit is deleted. */
  void flush() throws IOException {
    settle();
    expire();
  }

  /** Blocks until the traces of earlier runs are shown. */
  void awaitLoaded() throws IOException {
    try {
      loaded.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Writes what waits, and closes the files. */
  @Override
  public void close() {
    closed = true; // What reads the traces of earlier runs ends with the log.
    thread.shutdown();
    write();
    log.close();
  }
}
