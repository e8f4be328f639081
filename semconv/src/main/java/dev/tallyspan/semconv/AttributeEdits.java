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
   */
  static AttributeEdits of(Span span) {
    return new SpanAttributeEdits(span);
  }

  void set(String key, String value);

  void set(String key, long value);

  void set(String key, double value);

  void set(String key, boolean value);

  void set(String key, List<String> values);

  /** Sets a value of any shape: map, array, bytes. */
  void set(String key, Value<?> value);

  /** Removes every attribute with this key; does nothing if there is none. */
  void remove(String key);
}
