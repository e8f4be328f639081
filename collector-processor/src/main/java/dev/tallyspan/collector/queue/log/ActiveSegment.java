package dev.tallyspan.collector.queue.log;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Decides which segment the next entry goes to, and keeps the log within its size. Used by the
 * writer's thread only.
 */
final class ActiveSegment {

  private final LogSettings settings;
  private final SegmentFiles files;
  private final Segments segments;
  private final SegmentDeletion deletion;
  private final ForcedWrites forced;
  private SegmentName lastName;

  /**
   * @param lastName the greatest name that exists, or that may exist
   */
  ActiveSegment(
      LogSettings settings,
      SegmentFiles files,
      Segments segments,
      SegmentDeletion deletion,
      ForcedWrites forced,
      SegmentName lastName) {
    this.settings = settings;
    this.files = files;
    this.segments = segments;
    this.deletion = deletion;
    this.forced = forced;
    this.lastName = lastName;
  }

  /** Whether the log could never take an entry of this size, even if it had no other. */
  boolean neverFits(long recordBytes) {
    return recordBytes + SegmentHeader.BYTES > settings.maxBytes();
  }

  /** Whether the active segment and the log have room for more bytes, without any change. */
  boolean hasRoom(Segment active, long moreBytes) {
    return active.writtenBytes + moreBytes <= active.length
        && segments.sealedBytes() + active.writtenBytes + moreBytes <= settings.maxBytes();
  }

  /**
   * Returns a segment with room for an entry, and deletes others for it where that is allowed; null
   * if the log is full.
   */
  @Nullable Segment forEntry(long recordBytes) throws IOException {
    Segment active = segments.active();
    if (active != null && !forced.hasFailed() && hasRoom(active, recordBytes)) {
      return active;
    }
    settle();
    while (!logHasRoom(recordBytes)) {
      if (!makeRoom()) {
        return null;
      }
    }
    active = segments.active();
    return active != null && active.extent().bytes() + recordBytes <= active.length
        ? active
        : roll(recordBytes);
  }

  /**
   * Waits until everything that was written is forced. If that fails, stops using the active
   * segment: what it contains beyond its extent is unknown from now on, so it is cut off, if the
   * disk still does that.
   */
  private void settle() {
    forced.awaitIdle();
    if (!forced.hasFailed()) {
      return;
    }
    Segment active = segments.active();
    if (active != null) {
      segments.seal();
      trim(active);
    }
    forced.restart();
  }

  /**
   * Deletes a delivered segment if a write failed because the disk is full. Returns whether it did,
   * so that the write may be tried again.
   */
  boolean makeRoomOnDisk() {
    return files.isDiskFull() && deletion.deleteOldestDelivered();
  }

  private boolean logHasRoom(long recordBytes) {
    Segment active = segments.active();
    boolean needsSegment = active == null || active.extent().bytes() + recordBytes > active.length;
    return segments.usedBytes() + recordBytes + (needsSegment ? SegmentHeader.BYTES : 0)
        <= settings.maxBytes();
  }

  /** Deletes one segment, delivered ones first; returns false if none may be deleted. */
  private boolean makeRoom() throws IOException {
    if (deletion.deleteOldestDelivered()) {
      return true;
    }
    Segment active = segments.active();
    boolean filled = active != null && !active.extent().isEmpty();
    if (active != null && filled && active.isDelivered()) {
      roll(0);
      return deletion.deleteOldestDelivered();
    }
    if (!settings.dropOldest()) {
      return false;
    }
    if (deletion.dropOldest()) {
      return true;
    }
    if (filled) {
      roll(0);
      return deletion.dropOldest();
    }
    return false;
  }

  /**
   * Creates the next segment, and seals the active one only if that succeeds. Nothing may wait to
   * be forced.
   */
  Segment roll(long recordBytes) throws IOException {
    long length = Math.max(settings.segmentBytes(), SegmentHeader.BYTES + recordBytes);
    long first = segments.end();
    // Counted even if the creation fails, because the file may have been left behind.
    lastName = new SegmentName(first, first == lastName.first() ? lastName.attempt() + 1 : 0);
    Segment created = files.create(lastName, length);
    Segment previous = segments.active();
    segments.activate(created);
    if (previous != null) {
      trim(previous);
      if (previous.extent().isEmpty()) {
        deletion.deleteEmpty(previous);
      }
    }
    return created;
  }

  /** Seals the active segment at the end, and deletes it if everything in it is delivered. */
  void close() {
    settle();
    Segment active = segments.active();
    if (active == null) {
      return;
    }
    if (!active.extent().isEmpty() && active.isDelivered() && settings.retention().keepsNothing()) {
      try {
        Segment next = roll(0);
        deletion.deleteOldestDelivered();
        active = next;
      } catch (IOException e) {
        // The next start reads the segment, and its owner knows that all of it is delivered.
      }
    }
    segments.seal();
    trim(active);
  }

  /** Returns the room at the end of a sealed file to the disk. */
  private static void trim(Segment segment) {
    DiskFile file = segment.file;
    if (file == null) {
      return;
    }
    try {
      file.setLength(segment.extent().bytes());
    } catch (IOException e) {
      // The zeros at the end do no harm; the next start looks at them, and tries again.
    }
    SegmentFiles.closeQuietly(file);
    segment.file = null;
  }
}
