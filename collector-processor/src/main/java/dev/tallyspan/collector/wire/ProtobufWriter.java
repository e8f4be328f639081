package dev.tallyspan.collector.wire;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Encodes protobuf messages into one growing array, forwards. A field is written with its number
 * and value; a message field is started, filled and ended, and its length is put in when it ends.
 *
 * <p>Every field that is asked for is written, default values too. Text with unpaired surrogates is
 * encoded with {@code ?} in their place, so that what is written is always valid UTF-8. Not
 * thread-safe; a writer can be used again after {@link #reset}.
 */
public final class ProtobufWriter {

  private static final int MAX_SIZE = Integer.MAX_VALUE - 8;

  /** Longer text is encoded by the JDK, whose loops are vectorised but allocate. */
  static final int SHORT_TEXT = 64;

  private byte[] bytes;
  private int size;

  /** Of each open message, where its length belongs and where its content starts. */
  private int[] open = new int[16];

  private int depth;

  public ProtobufWriter() {
    this(256);
  }

  ProtobufWriter(int capacity) {
    bytes = new byte[capacity];
  }

  /** Writes an int32, int64, uint32, uint64, bool or enum. */
  public ProtobufWriter writeVarint(int field, long value) {
    tag(field, Wire.VARINT);
    varint(value);
    return this;
  }

  public ProtobufWriter writeFixed32(int field, int value) {
    tag(field, Wire.FIXED32);
    ensure(4);
    for (int shift = 0; shift < 32; shift += 8) {
      bytes[size++] = (byte) (value >> shift);
    }
    return this;
  }

  public ProtobufWriter writeFixed64(int field, long value) {
    tag(field, Wire.FIXED64);
    ensure(8);
    for (int shift = 0; shift < 64; shift += 8) {
      bytes[size++] = (byte) (value >> shift);
    }
    return this;
  }

  public ProtobufWriter writeDouble(int field, double value) {
    return writeFixed64(field, Double.doubleToRawLongBits(value));
  }

  public ProtobufWriter writeString(int field, String value) {
    requireNonNull(value, "value");
    tag(field, Wire.LENGTH_DELIMITED);
    int length = value.length();
    if (length <= SHORT_TEXT) {
      ensure(length + 1);
      int start = size + 1;
      int i = 0;
      while (i < length && value.charAt(i) < 0x80) {
        bytes[start + i] = (byte) value.charAt(i);
        i++;
      }
      if (i == length) {
        bytes[size] = (byte) length;
        size = start + length;
        return this;
      }
    }
    byte[] encoded = value.getBytes(StandardCharsets.UTF_8);
    varint(encoded.length);
    append(encoded, 0, encoded.length);
    return this;
  }

  /** Writes bytes, or a message that is encoded already. */
  public ProtobufWriter writeBytes(int field, byte[] value) {
    return writeBytes(field, value, 0, value.length);
  }

  public ProtobufWriter writeBytes(int field, byte[] value, int offset, int length) {
    tag(field, Wire.LENGTH_DELIMITED);
    varint(length);
    append(value, offset, length);
    return this;
  }

  /** Starts a message; what is written until {@link #endMessage} is in it. */
  public ProtobufWriter startMessage(int field) {
    return startMessage(field, /* expectedSize= */ 0);
  }

  /** Starts a message whose content need not be moved if {@code expectedSize} is about right. */
  ProtobufWriter startMessage(int field, int expectedSize) {
    tag(field, Wire.LENGTH_DELIMITED);
    if (2 * depth == open.length) {
      open = Arrays.copyOf(open, 4 * depth);
    }
    int reserved = varintSize(expectedSize);
    ensure(reserved);
    open[2 * depth] = size;
    size += reserved;
    open[2 * depth + 1] = size;
    depth++;
    return this;
  }

  /**
   * Ends the message that was started last.
   *
   * @throws IllegalStateException if there is none
   */
  public ProtobufWriter endMessage() {
    if (depth == 0) {
      throw new IllegalStateException("endMessage without startMessage");
    }
    depth--;
    int lengthAt = open[2 * depth];
    int start = open[2 * depth + 1];
    int length = size - start;
    int moved = lengthAt + varintSize(length);
    if (moved != start) {
      ensure(Math.max(0, moved - start));
      System.arraycopy(bytes, start, bytes, moved, length);
    }
    size = lengthAt;
    varint(length);
    size += length;
    return this;
  }

  /** Appends fields that are encoded already to the message that is open. */
  public ProtobufWriter append(byte[] encoded, int offset, int length) {
    ensure(length);
    System.arraycopy(encoded, offset, bytes, size, length);
    size += length;
    return this;
  }

  /** The number of bytes written so far. */
  public int size() {
    return size;
  }

  /**
   * A copy of what was written.
   *
   * @throws IllegalStateException if a message is still open
   */
  public byte[] toByteArray() {
    if (depth > 0) {
      throw new IllegalStateException("messages not ended: " + depth);
    }
    return Arrays.copyOf(bytes, size);
  }

  /** Makes the writer as new, but for the memory that it has. */
  public void reset() {
    size = 0;
    depth = 0;
  }

  /** What is written into; another one after each write. */
  byte[] array() {
    return bytes;
  }

  /** Gives memory back if there is more of it than {@code capacity}. */
  void shrink(int capacity) {
    if (bytes.length > capacity) {
      bytes = new byte[capacity];
      reset();
    }
  }

  void tag(int field, int wireType) {
    if (field < 1 || field > 0x1FFFFFFF) {
      throw new IllegalArgumentException("field=" + field + ": not a field number");
    }
    varint(field << 3 | wireType, /* mask= */ 0xFFFFFFFFL);
  }

  void varint(long value) {
    varint(value, -1L);
  }

  /** Writes to {@code b} at {@code at}, which has the room; returns the index behind it. */
  static int putVarint(byte[] b, int at, int value) {
    int left = value;
    while ((left & ~0x7F) != 0) {
      b[at++] = (byte) (left | 0x80);
      left >>>= 7;
    }
    b[at++] = (byte) left;
    return at;
  }

  private void varint(long value, long mask) {
    ensure(varintSize(value & mask));
    long left = value & mask;
    while ((left & ~0x7FL) != 0) {
      bytes[size++] = (byte) (left | 0x80);
      left >>>= 7;
    }
    bytes[size++] = (byte) left;
  }

  static int varintSize(long value) {
    return (Long.SIZE - Long.numberOfLeadingZeros(value | 1) + 6) / 7;
  }

  /** Makes room for so many bytes; returns what they are written into, from {@link #size} on. */
  byte[] ensure(long more) {
    if (more > bytes.length - size) {
      grow(more);
    }
    return bytes;
  }

  /** Takes what was written into {@link #array} up to there, or drops what is behind. */
  void resize(int size) {
    this.size = size;
  }

  private void grow(long more) {
    long needed = size + more;
    if (needed > MAX_SIZE) {
      throw new IllegalStateException("message of " + needed + " bytes exceeds 2 GiB");
    }
    bytes = Arrays.copyOf(bytes, (int) Math.min(MAX_SIZE, Math.max(needed, 2L * bytes.length)));
  }
}
