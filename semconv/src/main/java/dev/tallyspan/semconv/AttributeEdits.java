package dev.tallyspan.semconv;

import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.trace.Span;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Receives the changes that rendering makes to the attributes of a span. Setting a key that the
 * span already has replaces the value. If a key is set more than once, the last value counts.
 */
public interface AttributeEdits {

  /**
   * Writes to a span of the OpenTelemetry API at once. Attributes cannot be removed from such a
   * span, so {@link #remove} does nothing. With an API older than 1.59, values of any shape are
   * written as JSON text.
   *
   * @param span the span
   * @return edits that take effect at once
   */
  static AttributeEdits of(Span span) {
    return new SpanAttributeEdits(span);
  }

  /**
   * Sets an attribute, replacing what it was.
   *
   * @param key the key
   * @param value the new value
   */
  void set(String key, String value);

  /**
   * Sets an attribute to a text that is encoded, replacing what it was. By default, decodes it and
   * calls {@link #set(String, String)}. Implement it if you write UTF-8.
   *
   * @param key the key
   * @param utf8 holds the text, which is valid, from the first byte; not to be changed or kept
   * @param length the length of the text, in bytes
   */
  default void setUtf8(String key, byte[] utf8, int length) {
    set(key, new String(utf8, 0, length, StandardCharsets.UTF_8));
  }

  /**
   * Sets an attribute, replacing what it was.
   *
   * @param key the key
   * @param value the new value
   */
  void set(String key, long value);

  /**
   * Sets an attribute, replacing what it was.
   *
   * @param key the key
   * @param value the new value
   */
  void set(String key, double value);

  /**
   * Sets an attribute, replacing what it was.
   *
   * @param key the key
   * @param value the new value
   */
  void set(String key, boolean value);

  /**
   * Sets an attribute, replacing what it was.
   *
   * @param key the key
   * @param values the new values
   */
  void set(String key, List<String> values);

  /**
   * Sets a value of any shape: map, array, bytes.
   *
   * @param key the key
   * @param value the new value
   */
  void set(String key, Value<?> value);

  /**
   * Removes every attribute with this key; does nothing if there is none.
   *
   * @param key the key
   */
  void remove(String key);
}
