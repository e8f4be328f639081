package dev.tallyspan.collector.queue.log;

import dev.tallyspan.collector.flow.EpochNanos;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.List;

/** Deletes the segments that are no longer needed, or that must make room. Thread-safe. */
final class SegmentDeletion {

  private static final Logger LOGGER = System.getLogger(DurableLog.class.getName());

  private final Disk disk;
  private final SegmentFiles files;
  private final Segments segments;
  private final RecentEntries recent;
  private final Retention retention;
  private final Clock clock;
  private final LogListener listener;

  /** Held while files are deleted, so that no two threads delete the same. */
  private final Object lock = new Object();

  SegmentDeletion(
      Disk disk,
      SegmentFiles files,
      Segments segments,
      RecentEntries recent,
      Retention retention,
      Clock clock,
      LogListener listener) {
    this.disk = disk;
    this.files = files;
    this.segments = segments;
    this.recent = recent;
    this.retention = retention;
    this.clock = clock;
    this.listener = listener;
  }

  void discard(RequestLog.Done done) {
    Segment active = segments.active();
    if (active != null) {
      mark(active, done);
    }
    List<Segment> sealed = segments.deletable();
    sealed.forEach(segment -> mark(segment, done));
    List<Segment> delivered = sealed.stream().filter(Segment::isDelivered).toList();
    synchronized (lock) {
      retention.expired(delivered, EpochNanos.now(clock)).forEach(this::delete);
    }
  }

  private static void mark(Segment segment, RequestLog.Done done) {
    Segment.Extent extent = segment.extent();
    if (!segment.isDelivered() && done.covers(segment.first(), extent.end() - 1)) {
      segment.delivered(extent.end());
    }
  }

  /** Deletes a segment that never had an entry. */
  void deleteEmpty(Segment segment) {
    synchronized (lock) {
      delete(segment);
    }
  }

  /** Deletes the oldest segment that was delivered and is retained; returns false if none. */
  boolean deleteOldestDelivered() {
    synchronized (lock) {
      for (Segment segment : segments.deletable()) {
        if (segment.isDelivered() && delete(segment)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Deletes the oldest segment, delivered or not; returns false if there is none. */
  boolean dropOldest() {
    synchronized (lock) {
      for (Segment segment : segments.deletable()) {
        long last = segment.extent().end() - 1;
        if (!segment.isDeleted() && !segment.isDelivered()) {
          listener.dropping(segment.first(), last);
        }
        recent.removeThrough(last);
        if (delete(segment)) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Deletes a segment. If the disk refuses, the segment stays in the list, invisible to readers,
   * and the next call tries again.
   */
  private boolean delete(Segment segment) {
    boolean again = segment.isDeleted();
    segment.delete();
    try {
      files.delete(segment.name, segment.cipher != null);
      segments.remove(segment);
      return true;
    } catch (IOException e) {
      if (!again) {
        LOGGER.log(
            Level.WARNING,
            "Cannot delete {0} in {1}: {2}",
            segment.name.file(),
            disk.directory(),
            e.getMessage());
      }
      return false;
    }
  }
}
