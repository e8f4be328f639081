package dev.tallyspan.collector.json;

import dev.tallyspan.collector.wire.MalformedRequestException;

/** Reads protobuf fields one after another from a range of an array. */
final class ProtoInput {

  final byte[] bytes;
  private final int end;
  private int at;

  ProtoInput(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.at = from;
    this.end = to;
  }

  boolean hasMore() {
    return at < end;
  }

  int position() {
    return at;
  }

  /** Reads the next tag: field number and wire type. */
  int tag() throws MalformedRequestException {
    int tag = (int) varint();
    if (tag >>> 3 == 0) {
      throw malformed("field number 0");
    }
    return tag;
  }

  long varint() throws MalformedRequestException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at == end) {
        throw malformed("truncated number");
      }
      byte b = bytes[at++];
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw malformed("number of more than ten bytes");
  }

  long fixed32() throws MalformedRequestException {
    return littleEndian(4);
  }

  long fixed64() throws MalformedRequestException {
    return littleEndian(8);
  }

  /** Reads the length of what follows, and checks that it does follow. */
  int length() throws MalformedRequestException {
    long length = varint();
    if (length < 0 || length > end - at) {
      throw malformed("truncated field");
    }
    return (int) length;
  }

  void advance(int octets) throws MalformedRequestException {
    if (octets > end - at) {
      throw malformed("truncated field");
    }
    at += octets;
  }

  /** Skips the value of an unknown field. */
  void skip(int tag, int depth) throws MalformedRequestException {
    switch (tag & 7) {
      case WireType.VARINT -> varint();
      case WireType.FIXED64 -> advance(8);
      case WireType.FIXED32 -> advance(4);
      case WireType.LENGTH -> advance(length());
      case WireType.GROUP_START -> skipGroup(tag, depth);
      default -> throw malformed("wire type " + (tag & 7));
    }
  }

  MalformedRequestException malformed(String what) {
    return new MalformedRequestException("not protobuf: " + what + ", at byte " + at);
  }

  private void skipGroup(int start, int depth) throws MalformedRequestException {
    if (depth >= JsonToProto.MAX_DEPTH) {
      throw malformed("nested too deep");
    }
    while (true) {
      int tag = tag();
      if ((tag & 7) != WireType.GROUP_END) {
        skip(tag, depth + 1);
      } else if (tag >>> 3 == start >>> 3) {
        return;
      } else {
        throw malformed("end of another group");
      }
    }
  }

  private long littleEndian(int octets) throws MalformedRequestException {
    int from = at;
    advance(octets);
    long value = 0;
    for (int i = 0; i < octets; i++) {
      value |= (bytes[from + i] & 0xffL) << 8 * i;
    }
    return value;
  }
}
