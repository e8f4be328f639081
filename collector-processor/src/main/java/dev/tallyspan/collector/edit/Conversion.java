package dev.tallyspan.collector.edit;

import io.opentelemetry.api.common.Value;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Conversions of attribute values, as the OpenTelemetry Collector makes them. */
final class Conversion {

  private Conversion() {}

  /** Returns the value as text; arrays and maps as JSON, bytes in base64. */
  static String text(Value<?> value) {
    return switch (value.getType()) {
      case DOUBLE -> text((Double) value.getValue());
      case BYTES -> {
        ByteBuffer buffer = ((ByteBuffer) value.getValue()).duplicate();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        yield Base64.getEncoder().encodeToString(bytes);
      }
      case EMPTY -> "";
      default -> value.asString();
    };
  }

  /** As in JSON by ECMAScript: without a fraction if there is none. */
  private static String text(double number) {
    if (Double.isNaN(number) || Double.isInfinite(number)) {
      return number > 0 ? "+Inf" : number < 0 ? "-Inf" : "NaN";
    }
    if (number == 0) {
      return 1 / number < 0 ? "-0" : "0";
    }
    BigDecimal decimal = new BigDecimal(Double.toString(number)).stripTrailingZeros();
    double size = Math.abs(number);
    if (size >= 1e-6 && size < 1e21) {
      return decimal.toPlainString();
    }
    int exponent = decimal.precision() - decimal.scale() - 1;
    BigDecimal digits = decimal.movePointLeft(exponent).stripTrailingZeros();
    return digits.toPlainString() + (exponent < 0 ? "e" : "e+") + exponent;
  }

  /** Returns null if the value cannot be converted. */
  static @Nullable Value<?> toInt(Value<?> value) {
    switch (value.getType()) {
      case LONG:
        return value;
      case DOUBLE:
        return Value.of(((Double) value.getValue()).longValue());
      case BOOLEAN:
        return Value.of((Boolean) value.getValue() ? 1L : 0L);
      case STRING:
        String text = (String) value.getValue();
        // Java also accepts digits of other scripts.
        return text.matches("[+-]?[0-9]+") ? parsed(() -> Value.of(Long.parseLong(text))) : null;
      default:
        return null;
    }
  }

  /** Returns null if the value cannot be converted. */
  static @Nullable Value<?> toDouble(Value<?> value) {
    switch (value.getType()) {
      case DOUBLE:
        return value;
      case LONG:
        return Value.of(((Long) value.getValue()).doubleValue());
      case BOOLEAN:
        return Value.of((Boolean) value.getValue() ? 1.0 : 0.0);
      case STRING:
        String text = (String) value.getValue();
        // Java also accepts spaces around numbers, and a type after them.
        return text.matches("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?")
            ? Value.of(Double.parseDouble(text))
            : null;
      default:
        return null;
    }
  }

  private interface Parse {
    Value<?> get();
  }

  private static @Nullable Value<?> parsed(Parse parse) {
    try {
      return parse.get();
    } catch (NumberFormatException e) {
      return null; // more than 64 bits
    }
  }

  /**
   * Returns the SHA-256 of a value in lower-case hex digits: of the UTF-8 of a text, one byte of a
   * boolean, eight bytes of a number with the lowest first. Empty for an empty text, and for values
   * of other types.
   */
  static String hash(Value<?> value) {
    byte[] bytes =
        switch (value.getType()) {
          case STRING -> ((String) value.getValue()).getBytes(StandardCharsets.UTF_8);
          case BOOLEAN -> new byte[] {(byte) ((Boolean) value.getValue() ? 1 : 0)};
          case LONG -> bytes((Long) value.getValue());
          case DOUBLE -> bytes(Double.doubleToRawLongBits((Double) value.getValue()));
          default -> new byte[0];
        };
    if (bytes.length == 0) {
      return "";
    }
    return digest("SHA-256", bytes);
  }

  /**
   * Returns the digest of the UTF-8 of a text, in lower-case hex digits.
   *
   * @param algorithm as in the JDK: {@code SHA-256}
   */
  static String digest(String algorithm, String text) {
    return digest(algorithm, text.getBytes(StandardCharsets.UTF_8));
  }

  private static String digest(String algorithm, byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has those that are used
    }
  }

  private static byte[] bytes(long value) {
    return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
  }
}
