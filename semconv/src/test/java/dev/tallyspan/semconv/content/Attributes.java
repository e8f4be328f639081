package dev.tallyspan.semconv.content;

import dev.tallyspan.semconv.AttributeEdits;
import dev.tallyspan.semconv.AttributeView;
import dev.tallyspan.semconv.TestSpan;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Attributes of a test: a view and the edits made to it. */
final class Attributes implements AttributeView, AttributeEdits {

  private final List<Map.Entry<String, Value<?>>> entries = new ArrayList<>();
  private final Map<String, Value<?>> edited = new LinkedHashMap<>();
  private final List<String> removed = new ArrayList<>();

  static Attributes of(Object... keysAndValues) {
    Attributes attributes = new Attributes();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      attributes.entries.add(
          Map.entry((String) keysAndValues[i], TestSpan.value(keysAndValues[i + 1])));
    }
    return attributes;
  }

  /** What is left after the policy was applied to these. */
  Map<String, Object> after(ContentPolicy policy) {
    report(policy);
    return result();
  }

  PolicyReport report(ContentPolicy policy) {
    return policy.apply(this, this);
  }

  Map<String, Object> result() {
    Map<String, Object> result = new LinkedHashMap<>();
    for (Map.Entry<String, Value<?>> entry : entries) {
      if (!removed.contains(entry.getKey()) || edited.containsKey(entry.getKey())) {
        Value<?> value = edited.getOrDefault(entry.getKey(), entry.getValue());
        result.putIfAbsent(entry.getKey(), TestSpan.plain(value));
      }
    }
    return result;
  }

  /** Whether no edit was made. */
  boolean isUntouched() {
    return edited.isEmpty() && removed.isEmpty();
  }

  @Override
  public int size() {
    return entries.size();
  }

  @Override
  public String key(int index) {
    return entries.get(index).getKey();
  }

  @Override
  public Value<?> value(int index) {
    return entries.get(index).getValue();
  }

  @Override
  public void set(String key, String value) {
    edited.put(key, Value.of(value));
  }

  @Override
  public void set(String key, long value) {
    edited.put(key, Value.of(value));
  }

  @Override
  public void set(String key, double value) {
    edited.put(key, Value.of(value));
  }

  @Override
  public void set(String key, boolean value) {
    edited.put(key, Value.of(value));
  }

  @Override
  public void set(String key, List<String> values) {
    edited.put(key, TestSpan.value(values));
  }

  @Override
  public void set(String key, Value<?> value) {
    edited.put(key, value);
  }

  @Override
  public void remove(String key) {
    edited.remove(key);
    removed.add(key);
  }
}
