package dev.tallyspan.semconv;

import io.opentelemetry.api.common.Value;
import org.jspecify.annotations.Nullable;

/**
 * Read-only view of a list of attributes, regardless of where they are stored: in the bytes of an
 * OTLP request, in an SDK span, or in a map in a test.
 *
 * <p>Values are decoded on access, so reading only keys costs only the keys. If a key occurs more
 * than once, the first occurrence counts, as in the OpenTelemetry Collector.
 */
public interface AttributeView {

  /** {@return the number of attributes, including those with unreadable values} */
  int size();

  /**
   * {@return the key at {@code index}, from 0 to {@code size() - 1}}
   *
   * @param index from 0 to the size, exclusive
   */
  String key(int index);

  /**
   * {@return the value at {@code index}; null if the attribute has no value or one of an unknown
   * type}
   *
   * @param index from 0 to the size, exclusive
   */
  @Nullable Value<?> value(int index);

  /**
   * {@return the value of {@code key}; null if there is none}
   *
   * @param key the key
   */
  default @Nullable Value<?> get(String key) {
    for (int i = 0; i < size(); i++) {
      if (key(i).equals(key)) {
        return value(i);
      }
    }
    return null;
  }
}
