package dev.tallyspan.collector.queue.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The first block of a segment. Numbers are big-endian.
 *
 * <pre>
 *  0  long   magic
 *  8  int    version of the format
 * 12  int    length of what follows, up to the CRC
 * 16  long   sequence of the first entry
 * 24  long   epochNanos of the creation
 * 32  long   salt: a random number, repeated in each record
 * 40  short  length of the master key's id; 0 = the segment is not encrypted
 * 42         the master key's id in UTF-8
 *     short  length of the wrapped key
 *            the segment's key, encrypted with the master key
 *     int    CRC32C of everything before
 *            zeros up to 4096
 * </pre>
 *
 * @param keyId the master key that encrypts {@code wrappedKey}; empty if the segment is not
 *     encrypted
 */
record SegmentHeader(
    long firstSequence, long createdEpochNanos, long salt, String keyId, byte[] wrappedKey) {

  static final int BYTES = 4096;
  static final int VERSION = 1;

  private static final long MAGIC = 0x5453_5051_5345_470AL;
  private static final int FIXED = 16;
  private static final int MAX_CONTENT = BYTES - FIXED - Integer.BYTES;

  boolean encrypted() {
    return !keyId.isEmpty();
  }

  ByteBuffer encode() {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES);
    byte[] id = keyId.getBytes(UTF_8);
    bytes.putLong(MAGIC).putInt(VERSION).putInt(0);
    bytes.putLong(firstSequence).putLong(createdEpochNanos).putLong(salt);
    bytes.putShort((short) id.length).put(id);
    bytes.putShort((short) wrappedKey.length).put(wrappedKey);
    bytes.putInt(12, bytes.position() - FIXED);
    bytes.putInt(crc(bytes, bytes.position()));
    return bytes.rewind();
  }

  /**
   * Reads a header from the first block of a file; null if it is damaged or not complete.
   *
   * @throws NewerVersionException if the file has a valid header of a later version
   */
  static @Nullable SegmentHeader decode(ByteBuffer bytes) throws NewerVersionException {
    if (bytes.limit() < FIXED || bytes.getLong(0) != MAGIC) {
      return null;
    }
    int content = bytes.getInt(12);
    if (content < 0
        || content > MAX_CONTENT
        || bytes.limit() < FIXED + content + Integer.BYTES
        || bytes.getInt(FIXED + content) != crc(bytes, FIXED + content)) {
      return null;
    }
    if (bytes.getInt(8) > VERSION) {
      throw new NewerVersionException(bytes.getInt(8));
    }
    ByteBuffer in = bytes.duplicate().position(FIXED);
    long first = in.getLong();
    long created = in.getLong();
    long salt = in.getLong();
    byte[] id = new byte[in.getShort()];
    in.get(id);
    byte[] wrapped = new byte[in.getShort()];
    in.get(wrapped);
    return new SegmentHeader(first, created, salt, new String(id, UTF_8), wrapped);
  }

  private static int crc(ByteBuffer bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.slice(0, length));
    return (int) crc.getValue();
  }

  /** The file was written by a later version of this program. */
  static final class NewerVersionException extends Exception {

    final int version;

    NewerVersionException(int version) {
      super("version " + version);
      this.version = version;
    }
  }
}
