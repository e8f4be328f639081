package dev.tallyspan.collector.queue.log;

import dev.tallyspan.collector.flow.Signal;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What stands before each entry in a segment. Numbers are big-endian.
 *
 * <pre>
 *  0  int    magic
 *  4  int    CRC32C of the bytes 8 to 55
 *  8  long   salt of the segment
 * 16  long   sequence
 * 24  long   epochNanos
 * 32  int    group
 * 36  int    items
 * 40  int    length of the payload as stored
 * 44  int    CRC32C of the payload as stored
 * 48  byte   signal: 1 = traces, 2 = logs, 3 = metrics
 * 49  byte   1 = the payload is encrypted; 2 = the entry is erased: no items, no labels, and a
 *            payload of zeros
 * 50  short  0
 * 52  int    length of the labels in the payload
 * 56         payload: labels, body; zeros up to a multiple of 8
 * </pre>
 *
 * @param salt a random number that all records of a segment share. A sender does not know it, so no
 *     request contains bytes that could be taken for a record while a damaged segment is searched
 * @param group the number of the write within the segment that this record was part of, ascending.
 *     A write that failed leaves records with a lower number than those that overwrite it
 * @param erased whether only the place of the entry is left
 */
record RecordHeader(
    long salt,
    long sequence,
    long epochNanos,
    int group,
    int items,
    int payloadLength,
    int payloadCrc,
    Signal signal,
    boolean encrypted,
    boolean erased,
    int labelsLength) {

  static final int BYTES = 56;
  static final int MAGIC = 0x9D74_5352;
  static final int ALIGNMENT = 8;

  private static final int ENCRYPTED = 1;
  private static final int ERASED = 2;

  /** The maximum length of a payload. */
  static final int MAX_PAYLOAD = 1 << 30;

  private static final int CRC_AT = 4;
  private static final int CRC_FROM = 8;

  /** The bytes that a record with a payload of this length takes. */
  static long recordBytes(long payloadLength) {
    return (BYTES + payloadLength + ALIGNMENT - 1) & -ALIGNMENT;
  }

  long recordBytes() {
    return recordBytes(payloadLength);
  }

  /** Writes the header at the buffer's position. */
  void encode(ByteBuffer target) {
    int at = target.position();
    target.putInt(MAGIC).putInt(0).putLong(salt).putLong(sequence).putLong(epochNanos);
    target.putInt(group).putInt(items).putInt(payloadLength).putInt(payloadCrc);
    target
        .put(number(signal))
        .put((byte) (erased ? ERASED : encrypted ? ENCRYPTED : 0))
        .putShort((short) 0);
    target.putInt(labelsLength);
    target.putInt(at + CRC_AT, crc(target, at));
  }

  /**
   * What the encryption of the payload authenticates: all fields except for the checksums, which
   * depend on its result.
   */
  byte[] authenticated() {
    return ByteBuffer.allocate(BYTES)
        .putLong(salt)
        .putLong(sequence)
        .putLong(epochNanos)
        .putInt(group)
        .putInt(items)
        .putInt(payloadLength)
        .put(number(signal))
        .putInt(labelsLength)
        .array();
  }

  RecordHeader withPayloadCrc(int crc) {
    return new RecordHeader(
        salt,
        sequence,
        epochNanos,
        group,
        items,
        payloadLength,
        crc,
        signal,
        encrypted,
        erased,
        labelsLength);
  }

  /** Returns the header of the same record after its entry was erased. */
  RecordHeader withoutEntry() {
    return new RecordHeader(
        salt,
        sequence,
        epochNanos,
        group,
        /* items= */ 0,
        payloadLength,
        Payload.crcOfZeros(payloadLength),
        signal,
        /* encrypted= */ false,
        /* erased= */ true,
        /* labelsLength= */ 0);
  }

  /** Reads the header at an index of the buffer; null if there is no valid one. */
  static @Nullable RecordHeader decode(ByteBuffer source, int at) {
    if (source.limit() - at < BYTES
        || source.getInt(at) != MAGIC
        || source.getInt(at + CRC_AT) != crc(source, at)) {
      return null;
    }
    Signal signal = signal(source.get(at + 48));
    int payloadLength = source.getInt(at + 40);
    int labelsLength = source.getInt(at + 52);
    if (signal == null
        || payloadLength < 0
        || payloadLength > MAX_PAYLOAD + SegmentCipher.TAG_BYTES
        || labelsLength < 0
        || labelsLength > payloadLength) {
      return null;
    }
    return new RecordHeader(
        source.getLong(at + 8),
        source.getLong(at + 16),
        source.getLong(at + 24),
        source.getInt(at + 32),
        source.getInt(at + 36),
        payloadLength,
        source.getInt(at + 44),
        signal,
        source.get(at + 49) == ENCRYPTED,
        source.get(at + 49) == ERASED,
        labelsLength);
  }

  private static int crc(ByteBuffer buffer, int at) {
    CRC32C crc = new CRC32C();
    crc.update(buffer.slice(at + CRC_FROM, BYTES - CRC_FROM));
    return (int) crc.getValue();
  }

  private static byte number(Signal signal) {
    return switch (signal) {
      case TRACES -> 1;
      case LOGS -> 2;
      case METRICS -> 3;
    };
  }

  private static @Nullable Signal signal(byte number) {
    return switch (number) {
      case 1 -> Signal.TRACES;
      case 2 -> Signal.LOGS;
      case 3 -> Signal.METRICS;
      default -> null;
    };
  }
}
