package dev.tallyspan.collector.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads the JSON value at a parser's position and writes it as a protobuf scalar. */
final class JsonScalars {

  /** Longer text is not parsed as a number; a double needs 24 characters. */
  private static final int MAX_NUMBER_LENGTH = 400;

  /** A JSON number, to reject strings that only Java accepts ("1d", "0x1p3"). */
  private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

  private static final BigInteger TWO_TO_64 = BigInteger.ONE.shiftLeft(64);

  private final JsonParser parser;
  private final byte[] json;
  private final ProtoBuffer out;
  private final StringBytes strings;

  /**
   * @param json what the parser reads
   */
  JsonScalars(JsonParser parser, byte[] json, ProtoBuffer out) {
    this.parser = parser;
    this.json = json;
    this.out = out;
    strings = new StringBytes(json, out);
  }

  /** Writes the value, without a tag. Returns false if it is the type's default. */
  boolean write(FieldType type) throws IOException, InvalidJsonException {
    switch (type) {
      case STRING:
        return string();
      case BYTES:
        return bytes();
      case TRACE_ID, SPAN_ID:
        return id(type.idLength());
      case BOOL:
        return bool();
      case DOUBLE:
        return floatingPoint();
      default:
        long value = integer(type);
        switch (type.wireType) {
          case WireType.FIXED32 -> out.fixed32(value);
          case WireType.FIXED64 -> out.fixed64(value);
          default -> out.varint(type == FieldType.SINT32 ? value << 1 ^ value >> 63 : value);
        }
        return value != 0;
    }
  }

  /** Writes the number of an enum value, given by its name or number. Returns false if it is 0. */
  boolean writeEnum(Map<String, Integer> values) throws IOException, InvalidJsonException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      return write(FieldType.ENUM);
    }
    Integer value = values.get(parser.getText());
    if (value == null) {
      throw invalid("must be the number or the name of an enum value");
    }
    out.varint(value);
    return value != 0;
  }

  private boolean string() throws IOException, InvalidJsonException {
    expect(JsonToken.VALUE_STRING, "must be a string");
    int content = out.begin();
    // -1 if the document is not in UTF-8.
    long at = parser.currentTokenLocation().getByteOffset();
    boolean copied = at >= 0 && json[(int) at] == '"' && strings.copy((int) at + 1);
    if (!copied) {
      out.truncate(content + 1);
      out.utf8(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
    }
    boolean empty = out.size() == content + 1;
    out.end(content);
    return !empty;
  }

  private boolean bytes() throws IOException, InvalidJsonException {
    expect(JsonToken.VALUE_STRING, "must be a string of base64");
    byte[] value;
    try {
      // Protobuf's JSON mapping requires readers to accept both alphabets, with and without
      // padding.
      value = Base64.getDecoder().decode(parser.getText().replace('-', '+').replace('_', '/'));
    } catch (IllegalArgumentException e) {
      throw invalid("must be base64");
    }
    out.varint(value.length);
    out.octets(value);
    return value.length > 0;
  }

  private boolean id(int length) throws IOException, InvalidJsonException {
    expect(JsonToken.VALUE_STRING, "must be a string of hex digits");
    int digits = parser.getTextLength();
    if (digits == 0) {
      out.varint(0);
      return false;
    }
    if (digits != 2 * length) {
      throw invalid("must have " + 2 * length + " hex digits");
    }
    char[] chars = parser.getTextCharacters();
    int at = parser.getTextOffset();
    out.varint(length);
    for (int i = 0; i < length; i++) {
      out.octet(hex(chars[at++]) << 4 | hex(chars[at++]));
    }
    return true;
  }

  private int hex(char c) throws InvalidJsonException {
    // Character.digit would accept the digits of every script.
    int value = c < 0x80 ? Character.digit(c, 16) : -1;
    if (value < 0) {
      throw invalid("must have hex digits only");
    }
    return value;
  }

  private boolean bool() throws InvalidJsonException, IOException {
    JsonToken token = parser.currentToken();
    if (!token.isBoolean()) {
      throw invalid("must be true or false");
    }
    out.varint(token == JsonToken.VALUE_TRUE ? 1 : 0);
    return token == JsonToken.VALUE_TRUE;
  }

  private boolean floatingPoint() throws IOException, InvalidJsonException {
    double value = doubleValue();
    out.fixed64(Double.doubleToLongBits(value));
    // Raw bits, because -0.0 is not the default value.
    return Double.doubleToRawLongBits(value) != 0;
  }

  private double doubleValue() throws IOException, InvalidJsonException {
    JsonToken token = parser.currentToken();
    String text = null;
    if (token == JsonToken.VALUE_STRING) {
      text = parser.getTextLength() > MAX_NUMBER_LENGTH ? "" : parser.getText();
      switch (text) {
        case "NaN":
          return Double.NaN;
        case "Infinity":
          return Double.POSITIVE_INFINITY;
        case "-Infinity":
          return Double.NEGATIVE_INFINITY;
        default:
      }
    }
    if (token.isNumeric()) {
      text = parser.getText();
    } else if (text == null || !NUMBER.matcher(text).matches()) {
      throw invalid("must be a number, or one of NaN, Infinity and -Infinity as a string");
    }
    double value = Double.parseDouble(text);
    if (Double.isInfinite(value)) {
      throw invalid("out of the range of a double");
    }
    return value;
  }

  private long integer(FieldType type) throws IOException, InvalidJsonException {
    JsonToken token = parser.currentToken();
    boolean asText = token == JsonToken.VALUE_STRING && type != FieldType.ENUM;
    if (!asText && !token.isNumeric()) {
      throw invalid(
          type == FieldType.ENUM
              ? "must be the number or the name of an enum value"
              : "must be an integer, as a number or a string");
    }
    int length = parser.getTextLength();
    if (length <= 18) {
      long plain = plain(parser.getTextCharacters(), parser.getTextOffset(), length);
      if (plain >= 0 && (type.max.bitLength() > 62 || plain <= type.max.longValue())) {
        return plain;
      }
    }
    return exact(type, length > MAX_NUMBER_LENGTH ? "" : parser.getText());
  }

  /** Parses up to 18 digits. Returns -1 if there are other characters. */
  private static long plain(char[] chars, int offset, int length) {
    long value = 0;
    for (int i = offset; i < offset + length; i++) {
      int digit = chars[i] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = 10 * value + digit;
    }
    return length == 0 ? -1 : value;
  }

  /** Accepts what protobuf's JSON mapping accepts, including integers such as 1.0 and 1e3. */
  private long exact(FieldType type, String text) throws InvalidJsonException {
    if (!NUMBER.matcher(text).matches()) {
      throw invalid("must be an integer");
    }
    BigInteger value;
    try {
      BigDecimal decimal = new BigDecimal(text);
      // Check before expanding: 1e999999999 is short to send and long to expand.
      if ((long) decimal.precision() - decimal.scale() > 20) {
        throw invalid("out of range");
      }
      if (decimal.scale() > MAX_NUMBER_LENGTH) {
        throw invalid("must be an integer");
      }
      value = decimal.toBigIntegerExact();
    } catch (ArithmeticException | NumberFormatException e) {
      throw invalid("must be an integer");
    }
    if (value.compareTo(type.min) < 0 || value.compareTo(type.max) > 0) {
      throw invalid("out of range");
    }
    return value.bitLength() > 63 ? value.subtract(TWO_TO_64).longValue() : value.longValue();
  }

  private void expect(JsonToken token, String what) throws InvalidJsonException {
    if (parser.currentToken() != token) {
      throw invalid(what);
    }
  }

  private InvalidJsonException invalid(String what) {
    return JsonToProto.invalid(parser, what);
  }
}
