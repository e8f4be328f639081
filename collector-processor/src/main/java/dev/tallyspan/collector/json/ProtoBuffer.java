package dev.tallyspan.collector.json;

import java.util.Arrays;

/** A growing array of limited size to write protobuf to. */
final class ProtoBuffer {

  private final int maxBytes;
  private byte[] bytes;
  private int size;

  ProtoBuffer(int expected, int maxBytes) {
    this.maxBytes = maxBytes;
    this.bytes = new byte[Math.max(16, Math.min(expected, maxBytes))];
  }

  int size() {
    return size;
  }

  /** Discards everything written since the buffer had this size. */
  void truncate(int to) {
    size = to;
  }

  byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  void tag(int number, int wireType) throws InvalidJsonException {
    varint((long) number << 3 | wireType);
  }

  void varint(long value) throws InvalidJsonException {
    room(10);
    while ((value & ~0x7fL) != 0) {
      bytes[size++] = (byte) (value | 0x80);
      value >>>= 7;
    }
    bytes[size++] = (byte) value;
  }

  void fixed32(long value) throws InvalidJsonException {
    littleEndian(value, 4);
  }

  void fixed64(long value) throws InvalidJsonException {
    littleEndian(value, 8);
  }

  void octet(int value) throws InvalidJsonException {
    room(1);
    bytes[size++] = (byte) value;
  }

  void octets(byte[] value) throws InvalidJsonException {
    octets(value, 0, value.length);
  }

  void octets(byte[] from, int offset, int length) throws InvalidJsonException {
    room(length);
    System.arraycopy(from, offset, bytes, size, length);
    size += length;
  }

  /** Writes UTF-8, with U+FFFD in place of unpaired surrogates. */
  void utf8(char[] chars, int offset, int length) throws InvalidJsonException {
    int end = offset + length;
    for (int i = offset; i < end; i++) {
      char c = chars[i];
      if (!Character.isSurrogate(c)) {
        codePoint(c);
      } else if (Character.isHighSurrogate(c)
          && i + 1 < end
          && Character.isLowSurrogate(chars[i + 1])) {
        codePoint(Character.toCodePoint(c, chars[++i]));
      } else {
        codePoint('\ufffd');
      }
    }
  }

  /** Writes one character in UTF-8. */
  void codePoint(int c) throws InvalidJsonException {
    room(4);
    if (c < 0x80) {
      bytes[size++] = (byte) c;
    } else if (c < 0x800) {
      bytes[size++] = (byte) (0xc0 | c >> 6);
      bytes[size++] = (byte) (0x80 | c & 0x3f);
    } else if (c < 0x10000) {
      bytes[size++] = (byte) (0xe0 | c >> 12);
      bytes[size++] = (byte) (0x80 | c >> 6 & 0x3f);
      bytes[size++] = (byte) (0x80 | c & 0x3f);
    } else {
      bytes[size++] = (byte) (0xf0 | c >> 18);
      bytes[size++] = (byte) (0x80 | c >> 12 & 0x3f);
      bytes[size++] = (byte) (0x80 | c >> 6 & 0x3f);
      bytes[size++] = (byte) (0x80 | c & 0x3f);
    }
  }

  /** Begins content that is preceded by its length. Returns what to pass to {@link #end}. */
  int begin() throws InvalidJsonException {
    room(1);
    return size++;
  }

  /**
   * Ends the content. One byte is reserved for its length, which is enough for most attributes;
   * longer content is moved.
   */
  void end(int begin) throws InvalidJsonException {
    int length = size - begin - 1;
    int extra = 0;
    for (int rest = length >>> 7; rest != 0; rest >>>= 7) {
      extra++;
    }
    if (extra > 0) {
      room(extra);
      System.arraycopy(bytes, begin + 1, bytes, begin + 1 + extra, length);
    }
    int end = size + extra;
    size = begin;
    varint(length);
    size = end;
  }

  private void littleEndian(long value, int octets) throws InvalidJsonException {
    room(octets);
    for (int i = 0; i < octets; i++) {
      bytes[size++] = (byte) (value >>> 8 * i);
    }
  }

  private void room(long octets) throws InvalidJsonException {
    if (octets > bytes.length - size) {
      grow(size + octets);
    }
  }

  private void grow(long needed) throws InvalidJsonException {
    // The requested room may be an upper bound (of UTF-8, of a varint). So only the current size is
    // compared with the limit, and the array may exceed the limit by such a bound.
    if (size > maxBytes) {
      throw InvalidJsonException.tooLarge(maxBytes);
    }
    long capacity = Math.max(needed, Math.min(2L * bytes.length, maxBytes + 16L));
    if (capacity > Integer.MAX_VALUE - 8) {
      throw InvalidJsonException.tooLarge(maxBytes);
    }
    bytes = Arrays.copyOf(bytes, (int) capacity);
  }
}
