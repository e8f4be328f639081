package dev.tallyspan.collector.edit;

import io.opentelemetry.api.common.Value;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Values as expressions have them, and as attributes have them. */
final class Values {

  private Values() {}

  /** Returns a value as an attribute has it. */
  static Value<?> of(Object value) {
    if (value instanceof String text) {
      return Value.of(text);
    }
    if (value instanceof Long number) {
      return Value.of(number);
    }
    if (value instanceof Double number) {
      return Value.of(number);
    }
    if (value instanceof Boolean bool) {
      return Value.of(bool);
    }
    return (Value<?>) value;
  }

  /** Returns a value of any type as text; null for nil. */
  static @Nullable String text(@Nullable Object value) {
    return value == null ? null : Conversion.text(of(value));
  }

  /**
   * Returns a value that must be a string.
   *
   * @param function what needs it, for the message
   */
  static String string(@Nullable Object value, String function) {
    if (value instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException(function + ": not a string");
  }

  /** The number of bytes in UTF-8. */
  static long utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
