package dev.tallyspan.collector.json;

import static dev.tallyspan.collector.json.WireType.FIXED32;
import static dev.tallyspan.collector.json.WireType.FIXED64;
import static dev.tallyspan.collector.json.WireType.LENGTH;
import static dev.tallyspan.collector.json.WireType.VARINT;

import java.math.BigInteger;

/** The types of protobuf fields that OTLP uses. Ids are bytes that JSON encodes as hex. */
enum FieldType {
  STRING(LENGTH),
  BYTES(LENGTH),
  TRACE_ID(LENGTH),
  SPAN_ID(LENGTH),
  MESSAGE(LENGTH),
  BOOL(VARINT),
  ENUM(VARINT, min(31), max(31)),
  SINT32(VARINT, min(31), max(31)),
  UINT32(VARINT, BigInteger.ZERO, max(32)),
  INT64(VARINT, min(63), max(63)),
  UINT64(VARINT, BigInteger.ZERO, max(64)),
  FIXED32_BITS(FIXED32, BigInteger.ZERO, max(32)),
  FIXED64_BITS(FIXED64, BigInteger.ZERO, max(64)),
  SFIXED64_BITS(FIXED64, min(63), max(63)),
  DOUBLE(FIXED64);

  final int wireType;

  /** The bounds of an integer; 0 for all other types. */
  final BigInteger min;

  final BigInteger max;

  FieldType(int wireType) {
    this(wireType, BigInteger.ZERO, BigInteger.ZERO);
  }

  FieldType(int wireType, BigInteger min, BigInteger max) {
    this.wireType = wireType;
    this.min = min;
    this.max = max;
  }

  /** The number of bytes of an id. Only for the two types of ids. */
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
