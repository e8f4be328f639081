package dev.tallyspan.collector.queue.log;

import dev.tallyspan.collector.flow.InternalFault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes groups of entries. One thread runs it, and is the only one that creates segments and
 * writes to them. See the essay in {@link DurableLog}.
 */
final class LogWriter implements Runnable {

  /** How much of what waits is written together. */
  static final long GROUP_BYTES = 8 << 20;

  /** How often a disk that failed is tried. */
  private static final long PROBE_MILLIS = 1000;

  private static final int PROBE_BYTES = 4096;

  private final AppendQueue queue;
  private final ActiveSegment active;
  private final ForcedWrites forced;
  private final LogHealth health;
  private final StagingBuffer staging;

  LogWriter(
      AppendQueue queue,
      ActiveSegment active,
      ForcedWrites forced,
      LogHealth health,
      StagingBuffer staging) {
    this.queue = queue;
    this.active = active;
    this.forced = forced;
    this.health = health;
    this.staging = staging;
  }

  /** Writes what is appended until the queue is closed and empty. */
  @Override
  public void run() {
    while (true) {
      boolean closed = queue.isClosed();
      List<PendingAppend> group = queue.take(GROUP_BYTES, PROBE_MILLIS);
      // Nothing is added after the queue is closed, so what was taken since then is the rest.
      if (closed && group.isEmpty()) {
        break;
      }
      try {
        if (!group.isEmpty()) {
          write(group);
        } else if (!health.get().ok()) {
          probe();
        }
      } catch (RuntimeException | Error e) {
        InternalFault.log("the queue on disk", e);
      }
    }
    try {
      active.close();
    } finally {
      forced.close();
    }
  }

  /** Writes what waits now, on the calling thread. For tests that run without the thread. */
  void writeWaiting() {
    for (List<PendingAppend> group = queue.poll(GROUP_BYTES);
        !group.isEmpty();
        group = queue.poll(GROUP_BYTES)) {
      write(group);
    }
  }

  /**
   * Finds out whether the disk works again. Otherwise, a log that reports its state to what sends
   * requests would stay unhealthy, because none come.
   */
  private void probe() {
    Segment segment;
    try {
      segment = active.forEntry(PROBE_BYTES);
      if (segment == null) {
        return;
      }
      // The next entry overwrites it, and zeros are not an entry.
      segment.openFile().writeFully(ByteBuffer.allocate(PROBE_BYTES), segment.writtenBytes);
    } catch (IOException e) {
      active.makeRoomOnDisk();
      return;
    }
    try {
      segment.openFile().force(false);
    } catch (IOException e) {
      forced.fail();
      return;
    }
    health.works();
  }

  private void write(List<PendingAppend> group) {
    int handled = 0;
    try {
      while (handled < group.size()) {
        handled += writeRun(group.subList(handled, group.size()));
      }
    } catch (RuntimeException | Error e) {
      forced.fail();
      Answers.refuse(group.subList(handled, group.size()), Answers.FAULT);
      throw e;
    }
  }

  /**
   * Writes as many appends, from the first on, as fit into one segment, or refuses some.
   *
   * @return how many were written or refused; 0 if they can be tried again
   */
  private int writeRun(List<PendingAppend> group) {
    PendingAppend first = group.get(0);
    if (active.neverFits(first.recordBytes())) {
      Answers.refuse(group.subList(0, 1), Answers.TOO_LARGE);
      return 1;
    }
    ForcedWrites.Written written;
    try {
      Segment segment = active.forEntry(first.recordBytes());
      if (segment == null) {
        Answers.refuse(group.subList(0, 1), Answers.FULL);
        return 1;
      }
      written = stage(group.subList(0, fitting(group, segment)), segment);
    } catch (IOException e) {
      // The position has not moved, so the next attempt overwrites whatever was written.
      if (active.makeRoomOnDisk()) {
        return 0;
      }
      health.failed("cannot write", e);
      Answers.refuse(group, Answers.DISK_FAILED);
      return group.size();
    }
    forced.add(written);
    return written.appends().size();
  }

  private int fitting(List<PendingAppend> group, Segment segment) {
    long bytes = group.get(0).recordBytes();
    int count = 1;
    while (count < group.size()
        && active.hasRoom(segment, bytes + group.get(count).recordBytes())) {
      bytes += group.get(count).recordBytes();
      count++;
    }
    return count;
  }

  private ForcedWrites.Written stage(List<PendingAppend> run, Segment segment) throws IOException {
    long offset = segment.writtenBytes;
    long sequence = segment.writtenEnd;
    int number = ++segment.group;
    List<RecentEntries.Recent> entries = new ArrayList<>(run.size());
    staging.start(segment.openFile(), offset);
    for (PendingAppend append : run) {
      stage(append, segment, sequence, number);
      offset += append.recordBytes();
      LogEntry entry =
          new LogEntry(
              sequence++,
              append.epochNanos(),
              append.signal(),
              append.items(),
              append.labels(),
              append.body());
      entries.add(new RecentEntries.Recent(entry, segment, offset, number));
    }
    staging.flush();
    long bytes = offset - segment.writtenBytes;
    segment.writtenBytes = offset;
    segment.writtenEnd = sequence;
    return new ForcedWrites.Written(segment, run, entries, bytes);
  }

  private void stage(PendingAppend append, Segment segment, long sequence, int number)
      throws IOException {
    SegmentCipher cipher = segment.cipher;
    int plainLength = Math.toIntExact(append.encodedLabels().length + append.body().size());
    RecordHeader header =
        new RecordHeader(
            segment.salt,
            sequence,
            append.epochNanos(),
            number,
            append.items(),
            plainLength + (cipher == null ? 0 : SegmentCipher.TAG_BYTES),
            append.payloadCrc(),
            append.signal(),
            cipher != null,
            /* erased= */ false,
            append.encodedLabels().length);
    if (cipher == null) {
      staging.header(header);
      staging.write(append.encodedLabels());
      append.body().writeTo(staging);
    } else {
      byte[] encrypted =
          cipher.encrypt(header, Payload.join(append.encodedLabels(), append.body()));
      staging.header(header.withPayloadCrc(Payload.crc(encrypted)));
      staging.write(encrypted);
    }
    for (long written = RecordHeader.BYTES + header.payloadLength();
        written < append.recordBytes();
        written++) {
      staging.write(0);
    }
  }
}
