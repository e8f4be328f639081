package dev.tallyspan.semconv;

import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.trace.Span;
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
