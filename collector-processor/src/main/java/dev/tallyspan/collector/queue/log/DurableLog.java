package dev.tallyspan.collector.queue.log;

import dev.tallyspan.collector.flow.EpochNanos;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import dev.tallyspan.collector.wire.Slices;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/**
 * A log of requests on disk. A request is stored when it would survive a power loss; only then is
 * {@link RequestLog.Appended#stored} called and can readers see it.
 *
 * <p>Thread-safe. {@link #append} computes a checksum on the calling thread and does not block.
 * {@link #discard} deletes files on the calling thread. Results of appends arrive on the log's own
 * threads.
 */
public final class DurableLog implements RequestLog {
  /*
   * The log is a directory of segments: files to which records are only appended. A segment has a
   * header block and then records, each with a header of its own and aligned to 8 bytes. The file's
   * name has the sequence of its first entry, and so does its header.
   *
   *   append (any thread) --> AppendQueue --> LogWriter (one thread) --> ForcedWrites (one thread)
   *     checksum                              stage, write               force, publish, answer
   *                                              |                          |
   *                                              '--> active Segment --> sealed Segments
   *   LogReader (any thread) <-- RecentEntries or file <--'-----------------'
   *
   * Group commit. A force takes about a millisecond however little it writes, so one force serves
   * everything that was written before it. The group grows by itself with the load, without a
   * timer: what is written during a force is the next group. No request waits until a group is full.
   * The writer does not wait for the force either, because with large requests copying them takes as
   * long as the disk does. Both threads know the order: a force answers only what had been written
   * before it began. Before the writer changes to another segment, or deletes one to make room, it
   * waits until everything is forced.
   *
   * Positional writes. The writer keeps the position itself and moves it only after a complete
   * write. A write that fails half way, because the disk is full for example, has no effect: the
   * next one starts at the same position. What it left behind cannot come back, because every write
   * has a number, the group, and a record with a lower number than the one before it is not valid.
   * The file gets its length when it is created, so that a force need not write the length. Java
   * cannot reserve the blocks, so the disk can become full on any write.
   *
   * A force is never repeated. When it fails, the kernel has usually dropped the pages and marked
   * them clean, so a second force succeeds without having written anything. What was written since
   * the last successful force is therefore unknown. All of it is refused, the segment ends where it
   * was, and the next entry goes to a new file. Once that file has an entry, its name says where
   * the old one ends, whatever is behind that. The same holds after a restart: a log never appends
   * to a file that it finds.
   *
   * Record headers have their own checksum. The one of the payload says that a payload is damaged,
   * but not where the next record begins. With a header that is known to be right, a damaged
   * payload costs one entry, and segments are walked at start by their headers without reading the
   * payloads. If a header is damaged, the scan looks for the next valid one of the same segment with
   * a higher sequence. The salt in it is what makes this safe: a request that contains the image of
   * a record does not know it.
   *
   * Torn or damaged? Without a valid record behind it, a bad record is the end of an incomplete
   * write, which was never acknowledged: it is cut off. With a valid one behind it, acknowledged
   * entries may be lost: that is reported as damage. A power loss can make the second out of the
   * first, if the disk writes the end of a group before its beginning. It cannot be told apart, and
   * one false alarm is better than a silent loss.
   *
   * The order of files. A new segment is written, forced, and its name is forced with the
   * directory, before the first record goes into it: a record in a file that has no name is lost.
   * The previous segment is sealed only then, and nothing is deleted before, so that at every moment
   * there is a file that says which sequence comes next. If an encrypted segment is deleted, its
   * header with its key is overwritten and forced first, because the blocks of a deleted file stay
   * on the device.
   *
   * Erasing. An entry that must not be kept is overwritten where it is, because a segment holds
   * the entries of others too. First its header, which from then on says that there is no entry;
   * when that is forced, the payload. So a reader that meets it half way, or after a crash, takes
   * it for erased and not for damaged, and the next erasure finishes what a crash left. Files stay
   * as long as they are, and sequences keep their places.
   *
   * Sequences can come again in one case: if the disk damages the last entries after they were
   * acknowledged, they look like a torn tail, and the next entries get their numbers. So an owner
   * that remembers sequences must forget those from end() on when it opens the log.
   */

  private final Disk disk;
  private final LogSettings settings;
  private final Closeable lock;
  private final AppendQueue queue = new AppendQueue();
  private final Segments segments;
  private final RecentEntries recent;
  private final SegmentDeletion deletion;
  private final SegmentErasure erasure;
  private final ActiveSegment active;
  private final LogHealth health;
  private final Recovery recovery;
  private final ForcedWrites forced;
  private final LogWriter writer;
  private final List<Thread> threads;

  private final Object closeLock = new Object();
  private boolean started;
  private boolean closing;
  private volatile boolean closed;

  private DurableLog(Disk disk, LogSettings settings, Closeable lock, LogOpening.Opened opened) {
    this.disk = disk;
    this.settings = settings;
    this.lock = lock;
    recovery = opened.recovery();
    segments = new Segments(opened.segments(), opened.end());
    recent = new RecentEntries(settings.memoryBytes());
    health = new LogHealth(disk.directory(), settings.listener());
    SegmentFiles files =
        new SegmentFiles(disk, settings.keys(), settings.clock(), settings.random());
    deletion =
        new SegmentDeletion(
            disk,
            files,
            segments,
            recent,
            settings.retention(),
            settings.clock(),
            settings.listener());
    erasure = new SegmentErasure(disk, segments, recent);
    forced = new ForcedWrites(segments, recent, health, settings.listener());
    active = new ActiveSegment(settings, files, segments, deletion, forced, opened.lastName());
    writer =
        new LogWriter(queue, active, forced, health, new StagingBuffer(settings.stagingBytes()));
    threads =
        List.of(
            new Thread(writer, "tallyspan-queue-write"),
            new Thread(forced, "tallyspan-queue-force"));
    begin(files, opened.useless());
  }

  /** Configures a log in a directory, which is created if it does not exist. */
  public static DurableLogBuilder builder(Path directory) {
    return new DurableLogBuilder(directory);
  }

  /**
   * Opens the entries that are in a directory now, without a lock and without changing anything. A
   * log may be open in the same directory, in this or another process.
   *
   * @throws IOException with a message for the user, if there is no such directory, a key is
   *     missing, or the disk cannot be read
   */
  public static LogSnapshot openReadOnly(Path directory, MasterKeys keys) throws IOException {
    return LogSnapshot.open(LocalDisk.existing(directory), keys);
  }

  /** Opens a log whose threads do not run yet. */
  static DurableLog open(Disk disk, LogSettings settings) throws IOException {
    Closeable lock = disk.lock();
    try {
      return new DurableLog(
          disk, settings, lock, LogOpening.repair(disk, settings.keys(), settings.neighbours()));
    } catch (IOException | RuntimeException | Error e) {
      lock.close();
      throw e;
    }
  }

  private void begin(SegmentFiles files, List<SegmentName> useless) {
    try {
      active.roll(0);
      for (SegmentName name : useless) {
        files.delete(name, /* encrypted= */ true); // It may be, and may contain a torn write.
      }
    } catch (IOException e) {
      // What is stored can be delivered, and that makes room. The next append tries again.
      health.failed("cannot create a file", e);
    }
  }

  void startThreads() {
    started = true;
    forced.threaded();
    for (Thread thread : threads) {
      thread.setDaemon(true);
      thread.start();
    }
  }

  /** Stores what waits, on the calling thread. Only for a log whose threads were not started. */
  void writeNow() {
    writer.writeWaiting();
    forced.awaitIdle();
  }

  /** Writes what waits, and leaves it to a later call to force it. */
  void writeWithoutForce() {
    writer.writeWaiting();
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if a label is longer than 65535 bytes
   */
  @Override
  public void append(Signal signal, int items, List<String> labels, Slices body, Appended result) {
    byte[] encodedLabels = Payload.encode(labels);
    long payloadBytes = encodedLabels.length + body.size();
    if (payloadBytes > RecordHeader.MAX_PAYLOAD) {
      result.refused(
          new Outcome.Refused(
              StatusCode.RESOURCE_EXHAUSTED,
              "a request of " + payloadBytes + " bytes is too large for the queue",
              null));
      return;
    }
    boolean encrypted = !settings.keys().isEmpty();
    boolean accepted =
        queue.offer(
            new PendingAppend(
                EpochNanos.now(settings.clock()),
                signal,
                items,
                List.copyOf(labels),
                encodedLabels,
                body,
                encrypted ? 0 : Payload.crc(encodedLabels, body),
                RecordHeader.recordBytes(payloadBytes + (encrypted ? SegmentCipher.TAG_BYTES : 0)),
                result));
    if (!accepted) {
      result.refused(new Outcome.Refused(StatusCode.UNAVAILABLE, "the queue is closing", null));
    }
  }

  @Override
  public long start() {
    return segments.start();
  }

  @Override
  public long end() {
    return segments.end();
  }

  /**
   * {@inheritDoc}
   *
   * <p>After the log is closed, the reader throws {@code IOException}.
   */
  @Override
  public Reader reader(long from) {
    return new LogReader(
        disk, segments, recent, settings.listener(), () -> closed, /* othersDelete= */ false, from);
  }

  /**
   * Deletes every sealed segment of which no entry is needed, unless it is retained. Anything that
   * says which entries are needed must be on disk before. Segments that cannot be deleted are tried
   * again by the next call.
   */
  @Override
  public void discard(Done done) {
    deletion.discard(done);
  }

  /**
   * {@inheritDoc}
   *
   * <p>They are overwritten and forced. A file system that copies on write, and a flash disk, may
   * keep the old blocks until they need them.
   */
  @Override
  public long erase(long first, long last, Predicate<LogEntry> which) throws IOException {
    return erasure.erase(first, last, which);
  }

  /** What was found when the log was opened. */
  public Recovery recovery() {
    return recovery;
  }

  /** Whether the log could store entries the last time that it tried. */
  public Health health() {
    return health.get();
  }

  /** The bytes that all entries use, including those that are retained. */
  public long usedBytes() {
    return segments.usedBytes();
  }

  /** The size at which the log is full, in bytes. */
  public long maxBytes() {
    return settings.maxBytes();
  }

  /** The number of files. */
  public int segmentCount() {
    return segments.count();
  }

  /**
   * {@inheritDoc}
   *
   * <p>Must not be called by {@link RequestLog.Appended}. Has no effect if the log is closed.
   */
  @Override
  public void close() {
    synchronized (closeLock) {
      if (closing) {
        return;
      }
      closing = true;
      queue.close();
      if (started) {
        threads.forEach(DurableLog::join);
      } else {
        writer.run();
      }
      closed = true;
      recent.clear();
      try {
        lock.close();
      } catch (IOException e) {
        // The operating system releases it with the process.
      }
    }
  }

  private static void join(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
