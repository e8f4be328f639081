package dev.tallyspan.collector.output.file;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.exporter.Exporter;
import dev.tallyspan.collector.exporter.SentItems;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.StatusCode;
import dev.tallyspan.collector.wire.MalformedRequestException;
import io.opentelemetry.api.metrics.Meter;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Writes requests to a file. A request is accepted when the operating system has it, which survives
 * the end of this process, though not that of the machine. A request that cannot be written is
 * refused as {@code UNAVAILABLE}, so that its sender or queue keeps it. Thread-safe.
 *
 * @see <a
 *     href="https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/exporter/fileexporter">Collector,
 *     file exporter</a>
 */
public final class FileExporter implements Exporter {

  /*
   * Requests are encoded on the threads of the callers, which may compute but not block, and written
   * by one thread, in their order. Records that wait for it are limited in bytes: if the disk is
   * slower than the senders, further requests are refused at once.
   */

  private static final Logger LOGGER = System.getLogger(FileExporter.class.getName());

  private static final long MOST_PENDING_BYTES = 64 << 20;

  private record Pending(OtlpRequest request, byte[] record) {}

  private final String id;
  private final SentItems items;
  private final RecordEncoder encoder;
  private final RecordFile file;
  private final Thread writer;

  // Guarded by this.
  private final Deque<Pending> pending = new ArrayDeque<>();
  private long pendingBytes;
  private boolean closing;

  /** Only the writer reads and writes it. */
  private boolean failing;

  private FileExporter(String id, FileSettings settings, InstantSource clock, Meter meter) {
    this.id = requireNonNull(id, "id");
    items = new SentItems(meter, id);
    encoder = new RecordEncoder(settings);
    file = new RecordFile(settings, clock);
    writer = new Thread(this::write, "tallyspan-file-" + id);
    writer.setDaemon(true);
  }

  /**
   * Opens the file.
   *
   * @param clock for the names of files that are renamed
   * @throws IllegalArgumentException if the file cannot be written
   */
  public static FileExporter open(
      String id, FileSettings settings, InstantSource clock, Meter meter) {
    FileExporter exporter = new FileExporter(id, settings, clock, meter);
    try {
      exporter.file.open();
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "exporters." + id + ".path: " + settings.path() + " cannot be written: " + reason(e), e);
    }
    exporter.writer.start();
    return exporter;
  }

  @Override
  public void send(OtlpRequest request) {
    byte[] record;
    try {
      record = encoder.encode(request);
    } catch (MalformedRequestException e) {
      settle(request, Outcome.refused(StatusCode.INVALID_ARGUMENT, name() + e.getMessage()));
      return;
    }
    synchronized (this) {
      boolean fits = pending.isEmpty() || pendingBytes + record.length <= MOST_PENDING_BYTES;
      if (!closing && fits) {
        pending.add(new Pending(request, record));
        pendingBytes += record.length;
        notifyAll();
        return;
      }
    }
    settle(
        request, Outcome.refused(StatusCode.UNAVAILABLE, name() + "too much waits to be written"));
  }

  private void write() {
    for (Pending next = take(); next != null; next = take()) {
      if (next.request.ack().isWithdrawn()) {
        next.request
            .ack()
            .settle(
                Outcome.refused(StatusCode.CANCELLED, "the sender did not wait for the answer"));
      } else {
        settle(next.request, append(next.record));
      }
    }
    try {
      file.close();
    } catch (IOException e) {
      LOGGER.log(Level.WARNING, "{0}the file cannot be closed: {1}", name(), reason(e));
    }
  }

  /** Returns null if nothing is left and the exporter closes. */
  private synchronized @Nullable Pending take() {
    while (pending.isEmpty() && !closing) {
      try {
        wait();
      } catch (InterruptedException e) {
        closing = true;
      }
    }
    Pending next = pending.poll();
    if (next != null) {
      pendingBytes -= next.record.length;
    }
    return next;
  }

  private Outcome append(byte[] record) {
    try {
      file.append(record);
      if (failing) {
        failing = false;
        LOGGER.log(Level.INFO, "{0}the file can be written again", name());
      }
      return Outcome.ACCEPTED;
    } catch (IOException e) {
      if (!failing) {
        failing = true;
        LOGGER.log(
            Level.WARNING,
            "{0}the file cannot be written: {1}; requests stay with their senders or queues",
            name(),
            reason(e));
      }
      return Outcome.refused(StatusCode.UNAVAILABLE, name() + "the file cannot be written");
    }
  }

  private void settle(OtlpRequest request, Outcome outcome) {
    if (outcome instanceof Outcome.Accepted) {
      items.sent(request.signal(), request.items());
    } else {
      items.failed(request.signal(), request.items());
    }
    request.ack().settle(outcome);
  }

  private String name() {
    return "exporters." + id + ": ";
  }

  /** Messages of file systems begin with the path; without a message, the class says what it is. */
  private static String reason(IOException e) {
    return e.getClass().getSimpleName() + (e.getMessage() == null ? "" : ": " + e.getMessage());
  }

  /** Closes the file after the disk has it. Has no effect the second time. */
  @Override
  public void close(Duration drain) {
    synchronized (this) {
      closing = true;
      notifyAll();
    }
    try {
      TimeUnit.NANOSECONDS.timedJoin(writer, Math.max(drain.toNanos(), 1));
      Pending left = writer.isAlive() ? take() : null;
      while (left != null) {
        settle(left.request, Outcome.refused(StatusCode.UNAVAILABLE, name() + "shutting down"));
        left = take();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
