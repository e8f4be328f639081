package dev.tallyspan.collector.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * Reads a protobuf message field by field:
 *
 * <pre>{@code
 * while (reader.next()) {
 *   switch (reader.tag()) {
 *     case MESSAGE -> message = reader.string();
 *     case DETAILS -> readDetail(reader.message());
 *     default -> {} // skipped
 *   }
 * }
 * }</pre>
 *
 * <p>Switch over tags, not field numbers, so that a field with another wire type is treated as
 * unknown, as protobuf does. Not thread-safe.
 */
public final class ProtobufReader {

  private final byte[] bytes;
  private final int base;
  private final int end;
  private final int depth;

  private int next;
  private int tag;
  private int start;
  private int stop;

  public ProtobufReader(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  public ProtobufReader(byte[] bytes, int offset, int length) {
    this(bytes, offset, offset, offset + length, /* depth= */ 0);
    Objects.checkFromIndexSize(offset, length, bytes.length);
  }

  private ProtobufReader(byte[] bytes, int base, int start, int end, int depth) {
    this.bytes = bytes;
    this.base = base;
    this.end = end;
    this.depth = depth;
    this.next = start;
  }

  /**
   * Returns the tag of a field. In a {@code switch}, use a constant {@code number << 3 | wireType}.
   */
  public static int tag(int number, int wireType) {
    return number << 3 | wireType;
  }

  /**
   * Moves to the next field. Returns false if there is none.
   *
   * @throws MalformedRequestException if the field is malformed or truncated
   */
  public boolean next() throws MalformedRequestException {
    if (next >= end) {
      tag = 0;
      return false;
    }
    try {
      int at = next;
      long read = Wire.varint(bytes, at, end, "tag", at);
      tag = (int) read;
      start = Wire.high(read);
      if ((tag & 7) == Wire.LENGTH_DELIMITED && tag >>> 3 != 0) {
        long content = Wire.content(bytes, start, end, "field", at);
        start = Wire.high(content);
        stop = (int) content;
      } else {
        stop = Wire.skip(bytes, start, end, tag, at, depth);
      }
      next = stop;
      return true;
    } catch (WireFault e) {
      throw e.relativeTo(base);
    }
  }

  /** The current field's number and wire type. */
  public int tag() {
    return tag;
  }

  public int number() {
    return tag >>> 3;
  }

  /** 0 varint, 1 fixed64, 2 length-delimited, 3 group, 5 fixed32. */
  public int wireType() {
    return tag & 7;
  }

  /** Returns the value of an int32, int64, uint32, uint64, bool or enum. */
  public long varint() {
    check(Wire.VARINT);
    return Wire.varint64(bytes, start);
  }

  public int fixed32() {
    check(Wire.FIXED32);
    return Wire.fixed32(bytes, start);
  }

  public long fixed64() {
    check(Wire.FIXED64);
    return Wire.fixed64(bytes, start);
  }

  public double doubleValue() {
    return Double.longBitsToDouble(fixed64());
  }

  /** Returns the text, with U+FFFD in place of bytes that are not valid UTF-8. */
  public String string() {
    check(Wire.LENGTH_DELIMITED);
    return new String(bytes, start, stop - start, StandardCharsets.UTF_8);
  }

  public byte[] bytes() {
    check(Wire.LENGTH_DELIMITED);
    return Arrays.copyOfRange(bytes, start, stop);
  }

  /**
   * Returns a reader of the message that the field holds.
   *
   * @throws MalformedRequestException if it is nested deeper than 100 levels
   */
  public ProtobufReader message() throws MalformedRequestException {
    check(Wire.LENGTH_DELIMITED);
    try {
      Wire.checkDepth(depth, start);
    } catch (WireFault e) {
      throw e.relativeTo(base);
    }
    return new ProtobufReader(bytes, base, start, stop, depth + 1);
  }

  private void check(int wireType) {
    if (tag == 0 || (tag & 7) != wireType) {
      throw new IllegalStateException(
          "tag=" + tag + ": the field does not have wire type " + wireType);
    }
  }
}
