package dev.tallyspan.sdk;

import dev.tallyspan.semconv.AttributeView;
import dev.tallyspan.semconv.ValueSupport;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.Value;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Adapts the SDK's attributes for the dialects: access by index, values converted on demand. */
final class SdkAttributes implements AttributeView, BiConsumer<AttributeKey<?>, Object> {

  private final AttributeKey<?>[] keys;
  private final Object[] values;
  private int size;

  SdkAttributes(Attributes attributes) {
    keys = new AttributeKey<?>[attributes.size()];
    values = new Object[keys.length];
    attributes.forEach(this);
  }

  /** Adds the next attribute; called only by the constructor. */
  @Override
  public void accept(AttributeKey<?> key, Object value) {
    keys[size] = key;
    values[size++] = value;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public String key(int index) {
    return keys[index].getKey();
  }

  @Override
  public @Nullable Value<?> value(int index) {
    return toValue(values[index]);
  }

  private static @Nullable Value<?> toValue(@Nullable Object value) {
    if (value instanceof String text) {
      return Value.of(text);
    }
    if (value instanceof Long whole) {
      return Value.of(whole);
    }
    if (value instanceof Double fraction) {
      return Value.of(fraction);
    }
    if (value instanceof Boolean flag) {
      return Value.of(flag);
    }
    if (value instanceof List<?> list) {
      Value<?>[] elements = new Value<?>[list.size()];
      for (int i = 0; i < elements.length; i++) {
        // The API allows null elements in arrays.
        Value<?> element = toValue(list.get(i));
        elements[i] = element == null ? ValueSupport.empty() : element;
      }
      return Value.of(elements);
    }
    return value instanceof Value<?> structured ? structured : null;
  }
}
