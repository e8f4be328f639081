package dev.tallyspan.collector.queue.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/** Finds out what a directory contains when a log is opened, from the newest file to the oldest. */
final class LogOpening {

  private static final Set<String> OWN_NAMES =
      Set.of(DirectoryLock.FILE, CursorFile.FILE, CursorFile.TEMPORARY, "lost+found/");

  /**
   * What was found.
   *
   * @param segments those with entries, in order
   * @param end one more than the highest sequence
   * @param lastName the greatest name of a file
   * @param useless the files without entries, or whose entries nothing can decrypt. They may be
   *     deleted once there is a new segment that tells which sequence comes next
   */
  record Opened(
      List<Segment> segments,
      long end,
      SegmentName lastName,
      List<SegmentName> useless,
      Recovery recovery) {}

  private final Disk disk;
  private final MasterKeys keys;
  private final boolean repair;

  private final List<Segment> segments = new ArrayList<>();
  private final List<SegmentName> useless = new ArrayList<>();
  private final List<TornTail> torn = new ArrayList<>();
  private final List<DamagedRange> damaged = new ArrayList<>();

  private LogOpening(Disk disk, MasterKeys keys, boolean repair) {
    this.disk = disk;
    this.keys = keys;
    this.repair = repair;
  }

  /** Opens a locked directory, and cuts off incomplete writes. */
  static Opened repair(Disk disk, MasterKeys keys, Set<String> neighbours) throws IOException {
    for (String name : disk.list()) {
      if (SegmentName.parse(name) == null
          && !OWN_NAMES.contains(name)
          && !name.startsWith(".")
          && !neighbours.contains(name)) {
        throw new IOException(
            disk.directory()
                + " contains "
                + name
                + ", which is not part of a queue: choose another directory with --data");
      }
    }
    return new LogOpening(disk, keys, /* repair= */ true).open();
  }

  /** Looks at a directory without changing it. A log may write to it at the same time. */
  static Opened look(Disk disk, MasterKeys keys) throws IOException {
    return new LogOpening(disk, keys, /* repair= */ false).open();
  }

  private Opened open() throws IOException {
    List<SegmentName> names = new ArrayList<>();
    for (String file : disk.list()) {
      SegmentName name = SegmentName.parse(file);
      if (name != null) {
        names.add(name);
      }
    }
    Collections.sort(names);
    for (int i = names.size() - 1; i >= 0; i--) {
      // Only a segment with entries ends the one before it: the creation of a segment may have
      // failed and left a file, and the entries went on in the previous one.
      long bound = segments.isEmpty() ? Long.MAX_VALUE : segments.get(segments.size() - 1).first();
      try {
        open(names.get(i), bound);
      } catch (NoSuchFileException e) {
        if (repair) {
          throw e;
        }
        // The log that writes here has deleted it in the meantime.
      }
    }
    Collections.reverse(segments);
    Collections.reverse(torn);
    Collections.reverse(damaged);
    SegmentName last = names.isEmpty() ? new SegmentName(0, -1) : names.get(names.size() - 1);
    long end = last.first();
    long entries = 0;
    long bytes = 0;
    for (Segment segment : segments) {
      end = Math.max(end, segment.extent().end());
      entries += segment.extent().entries();
      bytes += segment.extent().bytes();
    }
    return new Opened(
        segments, end, last, useless, new Recovery(segments.size(), entries, bytes, torn, damaged));
  }

  private void open(SegmentName name, long bound) throws IOException {
    try (DiskFile file = repair ? disk.open(name.file()) : disk.openForReading(name.file())) {
      long length = file.length();
      SegmentHeader header = header(name, file);
      Long salt = header == null ? null : header.salt();
      SegmentCipher cipher = header == null ? null : cipher(name, header);
      SegmentScan.Result result = scan(name, file, length, salt, bound);
      if (header == null && (result.entries() == 0 || result.encrypted())) {
        unreadable(name, file, length, result, bound);
        return;
      }
      List<DamagedRange> lost = new ArrayList<>();
      if (header == null) {
        lost.add(
            new DamagedRange(name.file(), 0, SegmentHeader.BYTES, name.first(), name.first() - 1));
      }
      lost.addAll(result.damaged());
      if (result.contentEnd() > result.endOffset() && !tornTail(name, result, bound)) {
        lost.add(
            new DamagedRange(
                name.file(),
                result.endOffset(),
                result.contentEnd() - result.endOffset(),
                result.end(),
                bound - 1));
      } else if (repair && length != result.endOffset()) {
        file.setLength(result.endOffset());
        file.force(true);
      }
      keep(name, result, cipher, lost);
    }
  }

  private void keep(
      SegmentName name,
      SegmentScan.Result result,
      @Nullable SegmentCipher cipher,
      List<DamagedRange> lost) {
    for (int i = lost.size() - 1; i >= 0; i--) {
      damaged.add(lost.get(i));
    }
    if (result.entries() == 0) {
      useless.add(name);
      return;
    }
    Segment segment =
        new Segment(
            name,
            result.salt(),
            result.endOffset(),
            cipher,
            new Segment.Extent(
                result.endOffset(), result.entries(), result.end(), result.lastEpochNanos()));
    for (DamagedRange range : lost) {
      if (range.entries() > 0) {
        segment.reportOnce(range.first(), range.last());
      }
    }
    segments.add(segment);
  }

  /**
   * Walks a segment, and verifies all of it if it may have been written to when the log stopped: if
   * it is the newest one with entries, or has a tail.
   */
  private SegmentScan.Result scan(
      SegmentName name, DiskFile file, long length, @Nullable Long salt, long bound)
      throws IOException {
    boolean newest = segments.isEmpty();
    SegmentScan.Result result =
        new SegmentScan(new SegmentInput(file, length), salt, bound).all(name, newest);
    return newest || result.endOffset() == length
        ? result
        : new SegmentScan(new SegmentInput(file, length), salt, bound).all(name, true);
  }

  /** Whether what follows the last entry of a segment was never acknowledged. */
  private boolean tornTail(SegmentName name, SegmentScan.Result result, long bound) {
    if (bound != Long.MAX_VALUE && bound > result.end()) {
      return false; // The next segment begins after entries that should have been here.
    }
    torn.add(
        new TornTail(name.file(), result.endOffset(), result.contentEnd() - result.endOffset()));
    return true;
  }

  /** Handles a file without a valid header and without an entry that can be read. */
  private void unreadable(
      SegmentName name, DiskFile file, long length, SegmentScan.Result result, long bound)
      throws IOException {
    useless.add(name);
    long contentEnd = new SegmentInput(file, length).contentEnd(0);
    boolean noHeader =
        new SegmentInput(file, Math.min(length, SegmentHeader.BYTES)).contentEnd(0) == 0;
    if (result.encrypted() && noHeader) {
      return; // Its key was destroyed, and then it was not deleted.
    }
    if (contentEnd <= SegmentHeader.BYTES) {
      return; // It was being created.
    }
    long last =
        result.entries() > 0
            ? result.end() - 1
            : bound == Long.MAX_VALUE ? name.first() - 1 : bound - 1;
    damaged.add(new DamagedRange(name.file(), 0, contentEnd, name.first(), last));
  }

  private @Nullable SegmentHeader header(SegmentName name, DiskFile file) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(SegmentHeader.BYTES);
    file.readFully(block, 0);
    try {
      SegmentHeader header = SegmentHeader.decode(block.flip());
      if (header != null && header.firstSequence() != name.first()) {
        throw new IOException(path(name) + " has been renamed: restore its name");
      }
      return header;
    } catch (SegmentHeader.NewerVersionException e) {
      throw new IOException(
          path(name)
              + " was written by a newer version: it has format "
              + e.version
              + ", this version reads formats up to "
              + SegmentHeader.VERSION);
    }
  }

  private @Nullable SegmentCipher cipher(SegmentName name, SegmentHeader header)
      throws IOException {
    if (!header.encrypted()) {
      return null;
    }
    String id = header.keyId();
    SecretKey key = keys.get(id);
    if (key == null) {
      throw new IOException(
          path(name) + " is encrypted with the master key '" + id + "', which is not configured");
    }
    SegmentCipher cipher = SegmentCipher.unwrap(key, header);
    if (cipher == null) {
      throw new IOException(
          path(name) + " was encrypted with another master key that was also named '" + id + "'");
    }
    return cipher;
  }

  private String path(SegmentName name) {
    return disk.directory() + "/" + name.file();
  }
}
