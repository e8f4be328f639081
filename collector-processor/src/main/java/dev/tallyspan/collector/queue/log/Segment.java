package dev.tallyspan.collector.queue.log;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One file of the log. The writer extends the active segment; everything else is fixed. Any thread
 * may read the extent.
 */
final class Segment {

  /**
   * The part of a segment that is known to be on disk.
   *
   * @param bytes its length
   * @param entries the number of entries
   * @param end one more than the sequence of the last entry
   * @param lastEpochNanos when the last entry was appended
   */
  record Extent(long bytes, long entries, long end, long lastEpochNanos) {

    boolean isEmpty() {
      return entries == 0;
    }
  }

  final SegmentName name;
  final long salt;

  /** The length of the file, of which the extent is the used part. */
  final long length;

  /** Null if the segment is not encrypted. */
  final @Nullable SegmentCipher cipher;

  private volatile Extent extent;
  private volatile long deliveredEnd = -1;
  private volatile boolean deleted;

  // Guarded by itself: the first and the last sequence of what was reported as lost.
  private final List<long[]> reported = new ArrayList<>();

  // Used by the writer's thread only: how far it has written, forced or not.
  int group;
  long writtenBytes;
  long writtenEnd;

  // Set by the writer's thread only, while nothing waits to be forced.
  volatile @Nullable DiskFile file;

  Segment(SegmentName name, long salt, long length, @Nullable SegmentCipher cipher, Extent extent) {
    this.name = name;
    this.salt = salt;
    this.length = length;
    this.cipher = cipher;
    this.extent = extent;
    writtenBytes = extent.bytes();
    writtenEnd = extent.end();
  }

  /** The file of the active segment. */
  DiskFile openFile() {
    DiskFile open = file;
    if (open == null) {
      throw new IllegalStateException("the segment is not open");
    }
    return open;
  }

  long first() {
    return name.first();
  }

  Extent extent() {
    return extent;
  }

  void extend(Extent to) {
    extent = to;
  }

  /** Remembers that no entry up to {@code end}, exclusive, is needed. */
  void delivered(long end) {
    deliveredEnd = end;
  }

  boolean isDelivered() {
    Extent now = extent;
    return now.isEmpty() || deliveredEnd == now.end();
  }

  void delete() {
    deleted = true;
  }

  /** Whether the file is deleted, or about to be. */
  boolean isDeleted() {
    return deleted;
  }

  /** Returns true the first time that the loss of these entries is reported. */
  boolean reportOnce(long first, long last) {
    synchronized (reported) {
      for (long[] range : reported) {
        if (range[0] <= first && last <= range[1]) {
          return false;
        }
      }
      reported.add(new long[] {first, last});
      return true;
    }
  }

  /** Returns true if no damage was reported before. */
  boolean isUnreported() {
    synchronized (reported) {
      return reported.isEmpty();
    }
  }
}
