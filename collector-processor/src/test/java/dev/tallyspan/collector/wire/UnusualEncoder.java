package dev.tallyspan.collector.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Encodes messages as protobuf allows but hardly anybody does: fields in any order, varints padded,
 * unknown fields and groups in between, message fields in parts, scalar fields more than once,
 * packed fields unpacked. What the result means is for protobuf-java to say.
 */
final class UnusualEncoder {

  private final Random random;

  /** In per cent, how often a field is written unusually. */
  private final int oddity;

  UnusualEncoder(Random random, int oddity) {
    this.random = random;
    this.oddity = oddity;
  }

  byte[] encode(Message message) {
    return join(fields(message, 0));
  }

  private boolean odd() {
    return random.nextInt(100) < oddity;
  }

  /** The encoded fields of a message, each for itself. */
  private List<byte[]> fields(Message message, int depth) {
    List<byte[]> fields = new ArrayList<>();
    message
        .getAllFields()
        .forEach(
            (field, value) -> {
              if (field.isRepeated()) {
                addRepeated(fields, field, (List<?>) value, depth);
              } else {
                addSingular(fields, field, value, depth);
              }
            });
    if (odd()) {
      if (random.nextBoolean()) {
        Collections.reverse(fields);
      } else {
        Collections.shuffle(fields, random);
      }
    }
    if (odd()) {
      fields.add(random.nextInt(fields.size() + 1), unknownField(depth));
    }
    return fields;
  }

  private void addRepeated(List<byte[]> fields, FieldDescriptor field, List<?> values, int depth) {
    if (field.isPacked() && !odd()) {
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      values.forEach(value -> packed.writeBytes(scalar(field, value)));
      fields.add(delimited(field.getNumber(), packed.toByteArray()));
      return;
    }
    for (Object value : values) {
      fields.add(field(field, value, depth));
    }
  }

  private void addSingular(List<byte[]> fields, FieldDescriptor field, Object value, int depth) {
    if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && odd()) {
      List<byte[]> parts = fields((Message) value, depth + 1);
      int split = random.nextInt(parts.size() + 1);
      fields.add(delimited(field.getNumber(), join(parts.subList(0, split))));
      fields.add(delimited(field.getNumber(), join(parts.subList(split, parts.size()))));
      return;
    }
    if (odd()) {
      fields.add(field(field, value, depth));
    }
    fields.add(field(field, value, depth));
  }

  private byte[] field(FieldDescriptor field, Object value, int depth) {
    return switch (field.getJavaType()) {
      case MESSAGE -> delimited(field.getNumber(), join(fields((Message) value, depth + 1)));
      case STRING -> delimited(field.getNumber(), ((String) value).getBytes(UTF_8));
      case BYTE_STRING -> delimited(field.getNumber(), ((ByteString) value).toByteArray());
      default -> {
        int wireType =
            switch (field.getLiteType().getWireType()) {
              case WireFormat.WIRETYPE_FIXED32 -> WireFormat.WIRETYPE_FIXED32;
              case WireFormat.WIRETYPE_FIXED64 -> WireFormat.WIRETYPE_FIXED64;
              default -> WireFormat.WIRETYPE_VARINT;
            };
        byte[] content = scalar(field, value);
        if (wireType == WireFormat.WIRETYPE_VARINT && content.length < 10) {
          content = pad(content, 10);
        }
        yield join(List.of(tag(field.getNumber(), wireType), content));
      }
    };
  }

  /** A scalar as protobuf-java encodes it, without its tag. */
  private static byte[] scalar(FieldDescriptor field, Object value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      switch (field.getType()) {
        case INT32 -> out.writeInt32NoTag((int) value);
        case UINT32 -> out.writeUInt32NoTag((int) value);
        case SINT32 -> out.writeSInt32NoTag((int) value);
        case INT64 -> out.writeInt64NoTag((long) value);
        case UINT64 -> out.writeUInt64NoTag((long) value);
        case SINT64 -> out.writeSInt64NoTag((long) value);
        case FIXED32 -> out.writeFixed32NoTag((int) value);
        case SFIXED32 -> out.writeSFixed32NoTag((int) value);
        case FIXED64 -> out.writeFixed64NoTag((long) value);
        case SFIXED64 -> out.writeSFixed64NoTag((long) value);
        case DOUBLE -> out.writeDoubleNoTag((double) value);
        case BOOL -> out.writeBoolNoTag((boolean) value);
        case ENUM ->
            out.writeEnumNoTag(
                ((com.google.protobuf.Descriptors.EnumValueDescriptor) value).getNumber());
        default -> throw new IllegalArgumentException(field.toString());
      }
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private byte[] unknownField(int depth) {
    // Beyond all known numbers, a known number with most likely another wire type, or the reserved.
    int number =
        switch (random.nextInt(3)) {
          case 0 -> 1 + random.nextInt(16);
          case 1 -> 1000;
          default -> 1 + random.nextInt(0x1FFFFFFF);
        };
    byte[] content = new byte[random.nextInt(200)];
    random.nextBytes(content);
    return switch (random.nextInt(5)) {
      case 0 -> join(List.of(tag(number, WireFormat.WIRETYPE_VARINT), varint(random.nextInt())));
      case 1 -> join(List.of(tag(number, WireFormat.WIRETYPE_FIXED64), new byte[8]));
      case 2 -> join(List.of(tag(number, WireFormat.WIRETYPE_FIXED32), new byte[4]));
      case 3 -> delimited(900 + random.nextInt(100), content);
      default ->
          join(
              List.of(
                  tag(number, WireFormat.WIRETYPE_START_GROUP),
                  depth > 20 || random.nextBoolean() ? new byte[0] : unknownField(depth + 1),
                  tag(number, WireFormat.WIRETYPE_END_GROUP)));
    };
  }

  private byte[] delimited(int number, byte[] content) {
    return join(
        List.of(
            tag(number, WireFormat.WIRETYPE_LENGTH_DELIMITED), varint(content.length), content));
  }

  private byte[] tag(int number, int wireType) {
    return varint(number << 3 | wireType);
  }

  private byte[] varint(int value) {
    byte[] exact = new byte[5];
    int length = 0;
    int left = value;
    while ((left & ~0x7F) != 0) {
      exact[length++] = (byte) (left | 0x80);
      left >>>= 7;
    }
    exact[length++] = (byte) left;
    return pad(java.util.Arrays.copyOf(exact, length), odd() ? 10 : 5);
  }

  /** Makes a varint longer without changing its value. */
  private byte[] pad(byte[] exact, int limit) {
    if (!odd()) {
      return exact;
    }
    byte[] padded =
        java.util.Arrays.copyOf(exact, exact.length + random.nextInt(limit - exact.length + 1));
    for (int i = exact.length - 1; i < padded.length - 1; i++) {
      padded[i] |= (byte) 0x80;
    }
    return padded;
  }

  private static byte[] join(List<byte[]> parts) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    parts.forEach(whole::writeBytes);
    return whole.toByteArray();
  }

  private static final java.nio.charset.Charset UTF_8 = java.nio.charset.StandardCharsets.UTF_8;
}
