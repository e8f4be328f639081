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
 * The changes to one span, held back until all are known: a fault half-way then leaves the span as
 * it was, and what matters most can be written first, while the span has room for it.
 *
 * <p>An attribute that the SDK holds cannot be taken away again, so a removal only cancels what was
 * set here before; the original stays beside its standard name.
 */
final class SpanEdits implements AttributeEdits {

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

  /**
   * Writes the changes in the order in which they were made.
   *
   * @return whether all are on the span now; it drops what exceeds its limit of attributes
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
