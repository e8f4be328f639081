package dev.tallyspan.collector.wire;

/**
 * The protobuf wire format: tags, varints, lengths, and how to skip a field.
 *
 * <p>Accepts what protobuf-java accepts: varints of up to 10 bytes, with any padding; tags and
 * lengths of more than 32 bits, whose higher bits are dropped; groups, if they end; 100 levels of
 * nesting. Rejects varints of 11 bytes, although protobuf-java accepts the first ten bytes of some
 * of them.
 *
 * <p>Methods that return two ints return them as one long, so that nothing is allocated: {@link
 * #high} returns the high half, a cast the low half.
 */
final class Wire {

  /** In place of the bytes of a request when there is none. */
  static final byte[] NO_BYTES = {};

  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int LENGTH_DELIMITED = 2;
  static final int GROUP_START = 3;
  static final int GROUP_END = 4;
  static final int FIXED32 = 5;

  /** protobuf-java's limit for nested messages and groups, not counting the outermost message. */
  static final int MAX_DEPTH = 100;

  private static final int MAX_VARINT_LENGTH = 10;

  private Wire() {}

  static int high(long pair) {
    return (int) (pair >>> 32);
  }

  /**
   * Reads the low 32 bits of a varint.
   *
   * @return the index after it (high), its value (low)
   */
  static long varint(byte[] b, int pos, int end, String what, int at) throws WireFault {
    int value = 0;
    int limit = Math.min(end - pos, MAX_VARINT_LENGTH);
    for (int i = 0; i < limit; i++) {
      byte x = b[pos + i];
      if (i < 5) {
        value |= (x & 0x7F) << (7 * i);
      }
      if (x >= 0) {
        return ((long) (pos + i + 1) << 32) | (value & 0xFFFFFFFFL);
      }
    }
    throw new WireFault(
        what, at, limit == MAX_VARINT_LENGTH ? "varint of more than 10 bytes" : "truncated");
  }

  /** Reads a varint that is known to be complete. */
  static long varint64(byte[] b, int pos) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte x = b[pos++];
      value |= (x & 0x7FL) << shift;
      if (x >= 0 || shift == 63) {
        return value;
      }
    }
  }

  static int fixed32(byte[] b, int pos) {
    return (b[pos] & 0xFF)
        | (b[pos + 1] & 0xFF) << 8
        | (b[pos + 2] & 0xFF) << 16
        | (b[pos + 3] & 0xFF) << 24;
  }

  static long fixed64(byte[] b, int pos) {
    return (fixed32(b, pos) & 0xFFFFFFFFL) | (long) fixed32(b, pos + 4) << 32;
  }

  /**
   * Reads the length at {@code pos}.
   *
   * @param what the field, for the error message
   * @param at where the field starts, for the error message
   * @return where its content starts (high) and ends (low)
   */
  static long content(byte[] b, int pos, int end, String what, int at) throws WireFault {
    if (pos < end) {
      int length = b[pos];
      if (length >= 0) {
        if (length < end - pos) {
          return ((long) (pos + 1) << 32) | (pos + 1 + length);
        }
      } else if (pos + 1 < end && b[pos + 1] >= 0) {
        length = length & 0x7F | b[pos + 1] << 7;
        if (length < end - pos - 1) {
          return ((long) (pos + 2) << 32) | (pos + 2 + length);
        }
      }
    }
    return longContent(b, pos, end, what, at);
  }

  private static long longContent(byte[] b, int pos, int end, String what, int at)
      throws WireFault {
    long read = varint(b, pos, end, what, at);
    int start = high(read);
    int length = (int) read;
    if (length < 0) {
      throw new WireFault(what, at, "length " + (read & 0xFFFFFFFFL) + " exceeds 2 GiB");
    }
    if (length > end - start) {
      throw new WireFault(
          what, at, "length " + length + " exceeds the " + (end - start) + " bytes left");
    }
    return ((long) start << 32) | (start + length);
  }

  /**
   * Skips a field.
   *
   * @param pos the index after the tag
   * @param at where the tag starts
   * @param depth the nesting depth of the message that holds the field
   * @return the index after the field
   */
  static int skip(byte[] b, int pos, int end, int tag, int at, int depth) throws WireFault {
    if (tag >>> 3 == 0) {
      throw new WireFault("tag", at, "field number 0");
    }
    switch (tag & 7) {
      case VARINT:
        return pos < end && b[pos] >= 0 ? pos + 1 : high(varint(b, pos, end, "field", at));
      case FIXED64:
        return fixed(pos, end, 8, at);
      case LENGTH_DELIMITED:
        return (int) content(b, pos, end, "field", at);
      case GROUP_START:
        return skipGroup(b, pos, end, tag, at, depth);
      case GROUP_END:
        throw new WireFault("tag", at, "end of a group without a start");
      case FIXED32:
        return fixed(pos, end, 4, at);
      default:
        throw new WireFault("tag", at, "wire type " + (tag & 7) + " does not exist");
    }
  }

  private static int fixed(int pos, int end, int size, int at) throws WireFault {
    if (end - pos < size) {
      throw new WireFault("field", at, "truncated");
    }
    return pos + size;
  }

  private static int skipGroup(byte[] b, int pos, int end, int startTag, int at, int depth)
      throws WireFault {
    checkDepth(depth, at);
    int endTag = startTag & ~7 | GROUP_END;
    while (pos < end) {
      int fieldAt = pos;
      long read = varint(b, pos, end, "tag", fieldAt);
      pos = high(read);
      int tag = (int) read;
      if (tag == endTag) {
        return pos;
      }
      pos = skip(b, pos, end, tag, fieldAt, depth + 1);
    }
    throw new WireFault("group", at, "not ended");
  }

  /** Throws if a message or group at {@code depth} must not contain another one. */
  static void checkDepth(int depth, int at) throws WireFault {
    if (depth >= MAX_DEPTH) {
      throw new WireFault("field", at, "nested deeper than " + MAX_DEPTH + " levels");
    }
  }
}
