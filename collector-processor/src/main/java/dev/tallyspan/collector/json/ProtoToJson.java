package dev.tallyspan.collector.json;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.json.MessageType.Field;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.Slices;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * Converts a request from protobuf to OTLP/JSON, in a canonical form: fields in the order of their
 * numbers, ids as lower-case hex, other bytes as base64, 64-bit integers as strings, enums as
 * integers, NaN and the infinities as strings. Scalars with their default value are left out,
 * unless the default differs from absence. Fields that OTLP 1.11.0 does not define have no name in
 * JSON and are left out. In strings, bytes that are not UTF-8 become U+FFFD.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding">OTLP, JSON
 *     Protobuf encoding</a>
 */
public final class ProtoToJson {

  private static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
          // Otherwise, an exception would close what is open, and the output would look complete.
          .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
          .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
          // The nesting of messages is limited, and each is at most an array and an object.
          .streamWriteConstraints(
              StreamWriteConstraints.builder()
                  .maxNestingDepth(2 * JsonToProto.MAX_DEPTH + 2)
                  .build())
          .build();

  private final JsonGenerator json;

  private ProtoToJson(JsonGenerator json) {
    this.json = json;
  }

  /**
   * Writes one JSON object, without a line break. Does not close the stream.
   *
   * @throws MalformedRequestException if the bytes are not valid protobuf; part of the object may
   *     already be written
   */
  public static void write(Signal signal, byte[] request, OutputStream out)
      throws IOException, MalformedRequestException {
    try (JsonGenerator json = FACTORY.createGenerator(out, JsonEncoding.UTF8)) {
      new ProtoToJson(json)
          .message(OtlpMessages.request(signal), request, 0, request.length, /* depth= */ 0);
    }
  }

  /** Writes one JSON object, without a line break. Does not close the stream. */
  public static void write(Signal signal, Slices request, OutputStream out)
      throws IOException, MalformedRequestException {
    write(signal, request.toByteArray(), out);
  }

  private void message(MessageType message, byte[] bytes, int from, int to, int depth)
      throws IOException, MalformedRequestException {
    ProtoInput input = new ProtoInput(bytes, from, to);
    if (depth > JsonToProto.MAX_DEPTH) {
      throw input.malformed("nested too deep");
    }
    FieldRanges ranges = FieldRanges.of(message, input, depth);
    json.writeStartObject();
    for (Field field : message.fields()) {
      if (ranges.count(field) == 0) {
        continue;
      }
      if (field.repeated()) {
        list(field, bytes, ranges, depth);
      } else if (field.type() == FieldType.MESSAGE) {
        json.writeFieldName(field.jsonName());
        merged(field, bytes, ranges, depth);
      } else {
        scalar(field, bytes, ranges);
      }
    }
    json.writeEndObject();
  }

  private void list(Field field, byte[] bytes, FieldRanges ranges, int depth)
      throws IOException, MalformedRequestException {
    json.writeArrayFieldStart(field.jsonName());
    for (int i = 0; i < ranges.count(field); i++) {
      int from = ranges.from(field, i);
      int to = ranges.to(field, i);
      if (field.type() == FieldType.MESSAGE) {
        message(field.message(), bytes, from, to, depth + 1);
      } else if (!field.type().packable()) {
        octets(field.type(), bytes, from, to);
      } else {
        ProtoInput values = new ProtoInput(bytes, from, to);
        while (values.hasMore()) {
          number(field.type(), raw(field.type(), values));
        }
      }
    }
    json.writeEndArray();
  }

  private void merged(Field field, byte[] bytes, FieldRanges ranges, int depth)
      throws IOException, MalformedRequestException {
    if (ranges.count(field) == 1) {
      message(field.message(), bytes, ranges.from(field, 0), ranges.to(field, 0), depth + 1);
      return;
    }
    // Concatenated parts of a message are the encoding of the merged message.
    Slices parts = new Slices();
    for (int i = 0; i < ranges.count(field); i++) {
      parts.add(bytes, ranges.from(field, i), ranges.to(field, i) - ranges.from(field, i));
    }
    byte[] whole = parts.toByteArray();
    message(field.message(), whole, 0, whole.length, depth + 1);
  }

  private void scalar(Field field, byte[] bytes, FieldRanges ranges)
      throws IOException, MalformedRequestException {
    int last = ranges.count(field) - 1;
    int from = ranges.from(field, last);
    int to = ranges.to(field, last);
    if (!field.type().packable()) {
      if (to > from || field.presence()) {
        json.writeFieldName(field.jsonName());
        octets(field.type(), bytes, from, to);
      }
      return;
    }
    long raw = raw(field.type(), new ProtoInput(bytes, from, to));
    if (raw != 0 || field.presence()) {
      json.writeFieldName(field.jsonName());
      number(field.type(), raw);
    }
  }

  private void octets(FieldType type, byte[] bytes, int from, int to) throws IOException {
    switch (type) {
      case STRING -> json.writeString(new String(bytes, from, to - from, StandardCharsets.UTF_8));
      case BYTES ->
          json.writeString(
              new String(
                  Base64.getEncoder().encode(Arrays.copyOfRange(bytes, from, to)),
                  StandardCharsets.ISO_8859_1));
      default -> json.writeString(HexFormat.of().formatHex(bytes, from, to));
    }
  }

  /** Reads the value as a long: extended by sign or zeros, a double's bits, 1 for true. */
  private static long raw(FieldType type, ProtoInput input) throws MalformedRequestException {
    return switch (type.wireType) {
      case WireType.FIXED32 -> input.fixed32();
      case WireType.FIXED64 -> input.fixed64();
      default -> {
        long value = input.varint();
        yield switch (type) {
          case BOOL -> value != 0 ? 1 : 0;
          case ENUM -> (int) value;
          case SINT32 -> (int) value >>> 1 ^ -((int) value & 1);
          case UINT32 -> value & 0xffff_ffffL;
          default -> value;
        };
      }
    };
  }

  private void number(FieldType type, long raw) throws IOException {
    switch (type) {
      case BOOL -> json.writeBoolean(raw != 0);
      case ENUM, SINT32, UINT32, FIXED32_BITS -> json.writeNumber(raw);
      case INT64, SFIXED64_BITS -> json.writeString(Long.toString(raw));
      case UINT64, FIXED64_BITS -> json.writeString(Long.toUnsignedString(raw));
      case DOUBLE -> {
        double value = Double.longBitsToDouble(raw);
        if (Double.isFinite(value)) {
          json.writeNumber(value);
        } else {
          json.writeString(Double.toString(value));
        }
      }
      default -> throw new AssertionError(type);
    }
  }
}
