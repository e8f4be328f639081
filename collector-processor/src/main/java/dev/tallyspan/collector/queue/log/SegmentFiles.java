package dev.tallyspan.collector.queue.log;

import dev.tallyspan.collector.flow.EpochNanos;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Creates and deletes the files of segments, in the order that survives a power loss. */
final class SegmentFiles {

  /** A write that fails because of the disk's size has used the rest up. */
  private static final long FULL_BYTES = 1 << 20;

  private final Disk disk;
  private final MasterKeys keys;
  private final Clock clock;
  private final SecureRandom random;

  SegmentFiles(Disk disk, MasterKeys keys, Clock clock, SecureRandom random) {
    this.disk = disk;
    this.keys = keys;
    this.clock = clock;
    this.random = random;
  }

  /**
   * Creates a segment that is on disk with its header and its name, before any entry is written to
   * it.
   *
   * @param length the length of the file in bytes
   */
  Segment create(SegmentName name, long length) throws IOException {
    long salt = random.nextLong();
    long now = EpochNanos.now(clock);
    SegmentCipher cipher = null;
    SegmentHeader header = new SegmentHeader(name.first(), now, salt, "", new byte[0]);
    if (!keys.isEmpty()) {
      String keyId = keys.currentId();
      SegmentCipher.Created created =
          SegmentCipher.create(Objects.requireNonNull(keys.get(keyId)), salt, random);
      cipher = created.cipher();
      header = new SegmentHeader(name.first(), now, salt, keyId, created.wrappedKey());
    }
    DiskFile file = disk.create(name.file());
    try {
      file.writeFully(header.encode(), 0);
      file.setLength(length);
      file.force(true);
      disk.forceDirectory();
    } catch (IOException | RuntimeException e) {
      closeQuietly(file);
      deleteQuietly(name);
      throw e;
    }
    Segment segment =
        new Segment(
            name,
            salt,
            length,
            cipher,
            new Segment.Extent(SegmentHeader.BYTES, 0, name.first(), now));
    segment.file = file;
    return segment;
  }

  /** Whether the disk has no room for more than a few entries. */
  boolean isDiskFull() {
    try {
      return disk.usableBytes() < FULL_BYTES;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Deletes a segment. If it is encrypted, its key is destroyed first, because a deleted file's
   * blocks stay readable on the device.
   */
  void delete(SegmentName name, boolean encrypted) throws IOException {
    if (encrypted) {
      try (DiskFile file = disk.open(name.file())) {
        file.writeFully(ByteBuffer.allocate(SegmentHeader.BYTES), 0);
        file.force(false);
      } catch (java.nio.file.NoSuchFileException e) {
        return;
      }
    }
    disk.delete(name.file());
    disk.forceDirectory();
  }

  private void deleteQuietly(SegmentName name) {
    try {
      disk.delete(name.file());
    } catch (IOException e) {
      // The next start deletes it: it has no entries.
    }
  }

  static void closeQuietly(@Nullable DiskFile file) {
    if (file == null) {
      return;
    }
    try {
      file.close();
    } catch (IOException e) {
      // What had to be on disk was forced before.
    }
  }
}
