package dev.tallyspan.sdk;

import dev.tallyspan.semconv.AttributeEdits;
import dev.tallyspan.semconv.ValueSupport;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Collects the changes to one span and applies them together. A failure before that leaves the span
 * unchanged, and the most important attributes can be written first, before the span reaches its
 * attribute limit.
 *
 * <p>Attributes cannot be removed from an SDK span. A removal only cancels a change that was set
 * before; the original attribute stays on the span.
 */
final class SdkSpanEdits implements AttributeEdits {

  private final Map<String, Edit<?>> edits = new LinkedHashMap<>();

  @Override
  public void set(String key, String value) {
    edits.put(key, new Edit<>(AttributeKey.stringKey(key), value));
  }

  @Override
  public void set(String key, long value) {
    edits.put(key, new Edit<>(AttributeKey.longKey(key), value));
  }

  @Override
  public void set(String key, double value) {
    edits.put(key, new Edit<>(AttributeKey.doubleKey(key), value));
  }

  @Override
  public void set(String key, boolean value) {
    edits.put(key, new Edit<>(AttributeKey.booleanKey(key), value));
  }

  @Override
  public void set(String key, List<String> values) {
    edits.put(key, new Edit<>(AttributeKey.stringArrayKey(key), values));
  }

  @Override
  public void set(String key, Value<?> value) {
    if (ValueSupport.ofAttributes()) {
      edits.put(key, new Edit<>(ValueSupport.key(key), value));
    } else {
      set(key, ValueSupport.toJson(value));
    }
  }

  @Override
  public void remove(String key) {
    edits.remove(key);
  }

  /** Adds the changes to those of others, after them. */
  void addTo(SdkSpanEdits others) {
    others.edits.putAll(edits);
  }

  /** Whether there is a change of this key. */
  boolean has(String key) {
    return edits.containsKey(key);
  }

  /**
   * Applies the changes in the order in which they were made.
   *
   * @return whether the span has all of them; a span drops attributes beyond its limit
   */
  boolean applyTo(ReadWriteSpan span) {
    boolean complete = true;
    TypedKeys keys = TypedKeys.of(span);
    for (Edit<?> edit : edits.values()) {
      complete &= edit.applyTo(span, keys);
    }
    return complete;
  }

  private record Edit<T>(AttributeKey<T> key, T value) {
    boolean applyTo(ReadWriteSpan span, TypedKeys keys) {
      return keys.set(span, key, value);
    }
  }
}
