package dev.tallyspan.collector.queue.log;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.NoSuchFileException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads entries in order: from memory if they are recent, otherwise from their segments. Remembers
 * where the next entry begins, and has to search for it only once, in its first segment.
 */
final class LogReader implements RequestLog.Reader {

  private static final Logger LOGGER = System.getLogger(DurableLog.class.getName());

  private final Disk disk;
  private final Segments segments;
  private final RecentEntries recent;
  private final LogListener listener;
  private final BooleanSupplier logIsClosed;
  private final boolean othersDelete;

  private long sequence;

  // Where the next entry begins, in which segment; the file is open only while entries are read.
  private @Nullable Segment segment;
  private long offset;
  private long sequenceAtOffset;
  private int group;
  private @Nullable DiskFile file;
  private @Nullable SegmentInput input;

  /**
   * @param othersDelete whether files may vanish, because this process does not hold the lock
   */
  LogReader(
      Disk disk,
      Segments segments,
      RecentEntries recent,
      LogListener listener,
      BooleanSupplier logIsClosed,
      boolean othersDelete,
      long from) {
    this.disk = disk;
    this.segments = segments;
    this.recent = recent;
    this.listener = listener;
    this.logIsClosed = logIsClosed;
    this.othersDelete = othersDelete;
    sequence = from;
  }

  @Override
  public @Nullable LogEntry next() throws IOException {
    while (true) {
      if (logIsClosed.getAsBoolean()) {
        throw new IOException("the queue is closed");
      }
      if (sequence >= segments.end()) {
        return null;
      }
      RecentEntries.Recent fresh = recent.get(sequence);
      if (fresh != null) {
        return fromMemory(fresh);
      }
      Segment holding = segments.holding(sequence);
      if (holding == null) {
        return null; // Everything from here on was discarded.
      }
      sequence = Math.max(sequence, holding.first());
      LogEntry entry = fromDisk(holding);
      if (entry != null) {
        return entry;
      }
    }
  }

  private LogEntry fromMemory(RecentEntries.Recent fresh) {
    closeFile(); // An open file would keep the room of a deleted segment.
    segment = fresh.segment();
    offset = fresh.nextOffset();
    group = fresh.group();
    sequence++;
    sequenceAtOffset = sequence;
    return fresh.entry();
  }

  /** Returns the next entry of a segment; null after moving past damage or an erased entry. */
  private @Nullable LogEntry fromDisk(Segment from) throws IOException {
    Segment.Extent extent = from.extent();
    try {
      SegmentInput in = enter(from, extent);
      SegmentScan scan = new SegmentScan(in, from.salt, extent.end());
      scan.continueFrom(group);
      SegmentScan.Found found = scan.next(offset, sequenceAtOffset);
      while (found != null && found.header().sequence() < sequence) {
        passed(found);
        found = scan.next(offset, sequenceAtOffset);
      }
      if (found == null) {
        damaged(from, offset, extent.bytes() - offset, sequence, extent.end() - 1);
        offset = extent.bytes();
        sequence = extent.end();
        sequenceAtOffset = sequence;
        return null;
      }
      if (found.header().sequence() > sequence) {
        long last = found.header().sequence() - 1;
        damaged(from, offset, found.offset() - offset, sequence, last);
      }
      RecordHeader header = found.header();
      byte[] payload = header.erased() ? null : in.payload(found.offset(), header);
      LogEntry entry = payload == null ? null : SegmentEntries.decode(header, payload, from.cipher);
      if (entry == null && !isErased(in, found)) {
        long lost = header.sequence();
        damaged(from, found.offset(), header.recordBytes(), lost, lost);
      }
      passed(found);
      sequence = sequenceAtOffset;
      return entry;
    } catch (NoSuchFileException e) {
      leaveSegment();
      if (!othersDelete && !from.isDeleted()) {
        throw e;
      }
      sequence = Math.max(sequence, extent.end());
      return null;
    } catch (IOException e) {
      closeFile(); // The next call opens it again, and continues at the same offset.
      throw e;
    }
  }

  private void passed(SegmentScan.Found found) {
    offset = found.nextOffset();
    sequenceAtOffset = found.header().sequence() + 1;
    group = found.header().group();
  }

  /** Also if it was erased after its header was read. */
  private static boolean isErased(SegmentInput in, SegmentScan.Found found) throws IOException {
    if (found.header().erased()) {
      return true;
    }
    RecordHeader now = in.headerNow(found.offset());
    return now != null && now.erased();
  }

  private void damaged(Segment in, long at, long bytes, long first, long last) {
    boolean firstOfSegment = in.isUnreported();
    if (!in.reportOnce(first, last)) {
      return;
    }
    if (firstOfSegment) {
      LOGGER.log(
          Level.ERROR,
          "{0} in {1} is damaged at offset {2}: lost entries {3} to {4}",
          in.name.file(),
          disk.directory(),
          Long.toString(at),
          Long.toString(first),
          Long.toString(last));
    }
    listener.damaged(new DamagedRange(in.name.file(), at, bytes, first, last));
  }

  private SegmentInput enter(Segment next, Segment.Extent extent) throws IOException {
    if (segment != next) {
      leaveSegment();
      segment = next;
      offset = SegmentHeader.BYTES;
      sequenceAtOffset = next.first();
      group = 0;
    }
    SegmentInput open = input;
    if (open == null) {
      DiskFile opened = disk.openForReading(next.name.file());
      file = opened;
      open = new SegmentInput(opened, extent.bytes());
      input = open;
    }
    open.extendTo(extent.bytes());
    return open;
  }

  private void leaveSegment() {
    closeFile();
    segment = null;
  }

  private void closeFile() {
    SegmentFiles.closeQuietly(file);
    file = null;
    input = null;
  }

  @Override
  public void close() {
    leaveSegment();
  }
}
