package dev.tallyspan.collector.receiver;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes the few small protobuf messages that responses consist of. */
final class ProtoEncoder {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** Writes an integer, unless it is 0, the default. */
  ProtoEncoder integer(int field, long value) {
    if (value != 0) {
      out.write(field << 3);
      varint(value);
    }
    return this;
  }

  ProtoEncoder text(int field, String value) {
    return value.isEmpty() ? this : bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  ProtoEncoder message(int field, ProtoEncoder value) {
    return bytes(field, value.toByteArray());
  }

  ProtoEncoder bytes(int field, byte[] value) {
    out.write(field << 3 | 2);
    varint(value.length);
    out.writeBytes(value);
    return this;
  }

  byte[] toByteArray() {
    return out.toByteArray();
  }

  private void varint(long value) {
    while ((value & ~0x7fL) != 0) {
      out.write((int) (value | 0x80));
      value >>>= 7;
    }
    out.write((int) value);
  }
}
