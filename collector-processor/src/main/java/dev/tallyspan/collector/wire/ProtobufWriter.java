package dev.tallyspan.collector.wire;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Encodes protobuf messages into one growing array. A field is written with its number and value; a
 * message field is started, filled and ended, and its length is inserted when it ends.
 *
 * <p>Default values are written too. Unpaired surrogates are encoded as {@code ?}, so that the
 * output is always valid UTF-8. Not thread-safe; can be reused after {@link #reset}.
 */
public final class ProtobufWriter {

  private static final int MAX_SIZE = Integer.MAX_VALUE - 8;

  /** Longer text is encoded by the JDK, which is vectorised but allocates. */
  static final int SHORT_TEXT = 64;

  private byte[] bytes;
  private int size;

  /** For each open message, the position of its length and the start of its content. */
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

  /** Writes bytes, or a message that is already encoded. */
  public ProtobufWriter writeBytes(int field, byte[] value) {
    return writeBytes(field, value, 0, value.length);
  }

  public ProtobufWriter writeBytes(int field, byte[] value, int offset, int length) {
    tag(field, Wire.LENGTH_DELIMITED);
    varint(length);
    append(value, offset, length);
    return this;
  }

  /** Starts a message. Everything written until {@link #endMessage} belongs to it. */
  public ProtobufWriter startMessage(int field) {
    return startMessage(field, /* expectedSize= */ 0);
  }

  /**
   * Starts a message. Its content does not have to be moved if {@code expectedSize} is about right.
   */
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

  /** Appends fields that are already encoded to the open message. */
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
   * Returns a copy of what was written.
   *
   * @throws IllegalStateException if a message is still open
   */
  public byte[] toByteArray() {
    if (depth > 0) {
      throw new IllegalStateException("open messages: " + depth);
    }
    return Arrays.copyOf(bytes, size);
  }

  /** Discards what was written, and keeps the memory. */
  public void reset() {
    size = 0;
    depth = 0;
  }

  /** The array that holds the output; each write may replace it. */
  byte[] array() {
    return bytes;
  }

  /** Releases memory beyond {@code capacity}. */
  void shrink(int capacity) {
    if (bytes.length > capacity) {
      bytes = new byte[capacity];
      reset();
    }
  }

  void tag(int field, int wireType) {
    if (field < 1 || field > 0x1FFFFFFF) {
      throw new IllegalArgumentException("field=" + field + ": not a valid field number");
    }
    varint(field << 3 | wireType, /* mask= */ 0xFFFFFFFFL);
  }

  void varint(long value) {
    varint(value, -1L);
  }

  /** Writes to {@code b} at {@code at}, without a check for room. Returns the index after it. */
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

  /**
   * Makes room for {@code more} bytes. Returns the array to write them to, starting at {@link
   * #size}.
   */
  byte[] ensure(long more) {
    if (more > bytes.length - size) {
      grow(more);
    }
    return bytes;
  }

  /** Sets the size: includes what was written directly to {@link #array}, or drops the end. */
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
