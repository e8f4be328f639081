package dev.tallyspan.collector.queue.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Overwrites entries in their segments. Thread-safe. See the essay in {@link DurableLog}. */
final class SegmentErasure {

  private static final int CHUNK = 64 << 10;

  private final Disk disk;
  private final Segments segments;
  private final RecentEntries recent;

  /** Held while files are overwritten. */
  private final Object lock = new Object();

  SegmentErasure(Disk disk, Segments segments, RecentEntries recent) {
    this.disk = disk;
    this.segments = segments;
    this.recent = recent;
  }

  long erase(long first, long last, Predicate<LogEntry> which) throws IOException {
    long erased = 0;
    synchronized (lock) {
      for (Segment segment : segments.all()) {
        if (segment.first() <= last && segment.extent().end() > first) {
          erased += erase(segment, first, last, which);
        }
      }
    }
    return erased;
  }

  private long erase(Segment segment, long first, long last, Predicate<LogEntry> which)
      throws IOException {
    try (DiskFile file = disk.open(segment.name.file())) {
      // What is appended from now on was not there when someone asked for the erasure.
      Segment.Extent extent = segment.extent();
      SegmentInput in = new SegmentInput(file, extent.bytes());
      List<SegmentScan.Found> chosen = new ArrayList<>();
      List<SegmentScan.Found> unfinished = new ArrayList<>();
      SegmentScan scan = new SegmentScan(in, segment.salt, extent.end());
      long next = segment.first();
      for (SegmentScan.Found found = scan.next(SegmentHeader.BYTES, next);
          found != null && found.header().sequence() <= last;
          found = scan.next(found.nextOffset(), next)) {
        RecordHeader header = found.header();
        next = header.sequence() + 1;
        if (header.sequence() < first) {
          continue;
        }
        if (header.erased()) {
          if (!in.payloadIsValid(found.offset(), header)) {
            unfinished.add(found);
          }
          continue;
        }
        LogEntry entry =
            SegmentEntries.decode(header, in.payload(found.offset(), header), segment.cipher);
        if (entry != null && which.test(entry)) {
          chosen.add(found);
        }
      }
      overwrite(file, chosen, unfinished);
      return chosen.size();
    } catch (NoSuchFileException e) {
      if (segment.isDeleted()) {
        return 0;
      }
      throw e;
    }
  }

  private void overwrite(
      DiskFile file, List<SegmentScan.Found> chosen, List<SegmentScan.Found> unfinished)
      throws IOException {
    for (SegmentScan.Found found : chosen) {
      ByteBuffer header = ByteBuffer.allocate(RecordHeader.BYTES);
      found.header().withoutEntry().encode(header);
      file.writeFully(header.flip(), found.offset());
      recent.remove(found.header().sequence());
    }
    List<SegmentScan.Found> all = new ArrayList<>(unfinished);
    if (!chosen.isEmpty()) {
      file.force(false);
      all.addAll(chosen);
    }
    for (SegmentScan.Found found : all) {
      long at = found.offset() + RecordHeader.BYTES;
      for (long left = found.header().payloadLength(); left > 0; ) {
        int length = (int) Math.min(left, CHUNK);
        file.writeFully(ByteBuffer.allocate(length), at);
        at += length;
        left -= length;
      }
    }
    if (!all.isEmpty()) {
      file.force(false);
    }
  }
}
