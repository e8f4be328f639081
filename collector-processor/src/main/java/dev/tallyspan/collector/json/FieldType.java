package dev.tallyspan.collector.json;

import static dev.tallyspan.collector.json.WireType.FIXED32;
import static dev.tallyspan.collector.json.WireType.FIXED64;
import static dev.tallyspan.collector.json.WireType.LENGTH;
import static dev.tallyspan.collector.json.WireType.VARINT;

import java.math.BigInteger;

/** The types of protobuf fields that OTLP uses. Ids are bytes that JSON has as hex. */
enum FieldType {
  STRING(LENGTH, null, null),
  BYTES(LENGTH, null, null),
  TRACE_ID(LENGTH, null, null),
  SPAN_ID(LENGTH, null, null),
  MESSAGE(LENGTH, null, null),
  BOOL(VARINT, null, null),
  ENUM(VARINT, min(31), max(31)),
  SINT32(VARINT, min(31), max(31)),
  UINT32(VARINT, BigInteger.ZERO, max(32)),
  INT64(VARINT, min(63), max(63)),
  UINT64(VARINT, BigInteger.ZERO, max(64)),
  FIXED32_BITS(FIXED32, BigInteger.ZERO, max(32)),
  FIXED64_BITS(FIXED64, BigInteger.ZERO, max(64)),
  SFIXED64_BITS(FIXED64, min(63), max(63)),
  DOUBLE(FIXED64, null, null);

  final int wireType;

  /** The bounds of an integer; null for every other type. */
  final BigInteger min;

  final BigInteger max;

  FieldType(int wireType, BigInteger min, BigInteger max) {
    this.wireType = wireType;
    this.min = min;
    this.max = max;
  }

  /** Bytes of an id; only for the two types of ids. */
  int idLength() {
    return this == TRACE_ID ? 16 : 8;
  }

  boolean packable() {
    return wireType != LENGTH;
  }

  private static BigInteger min(int bits) {
    return BigInteger.ONE.shiftLeft(bits).negate();
  }

  private static BigInteger max(int bits) {
    return BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE);
  }
}
