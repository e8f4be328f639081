package dev.tallyspan.api;

import dev.tallyspan.semconv.AttributeView;
import dev.tallyspan.semconv.ValueSupport;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of one span without its content. They are kept beside the span, because the API
 * can write a span, but not read it; metrics and prices need them. Not thread-safe.
 */
final class Facts implements AttributeView {

  private record Fact<T>(AttributeKey<T> key, T value) {

    void writeTo(SpanBuilder span) {
      span.setAttribute(key, value);
    }

    void writeTo(Span span) {
      span.setAttribute(key, value);
    }
  }

  private final List<Fact<?>> facts = new ArrayList<>();

  Facts() {}

  Facts(Facts other) {
    facts.addAll(other.facts);
  }

  /** Sets an attribute of a type that the key determines, in place of one of the same name. */
  <T> void put(AttributeKey<T> key, T value) {
    add(new Fact<>(key, value));
  }

  /** Sets an attribute in place of one of the same name, and on the span. */
  <T> void put(AttributeKey<T> key, T value, Span span) {
    Fact<T> fact = new Fact<>(key, value);
    add(fact);
    fact.writeTo(span);
  }

  private void add(Fact<?> fact) {
    int index = indexOf(fact.key.getKey());
    if (index < 0) {
      facts.add(fact);
    } else {
      facts.set(index, fact);
    }
  }

  void remove(String key) {
    facts.removeIf(fact -> fact.key.getKey().equals(key));
  }

  boolean has(String key) {
    return indexOf(key) >= 0;
  }

  /** Returns the value of an attribute, or null if there is none or it has another type. */
  <T> @Nullable T get(AttributeKey<T> key) {
    int index = indexOf(key.getKey());
    return index < 0 ? null : sameType(facts.get(index), key);
  }

  @SuppressWarnings("unchecked") // equal keys have the same type
  private static <T> @Nullable T sameType(Fact<?> fact, AttributeKey<T> key) {
    return fact.key.equals(key) ? (T) fact.value : null;
  }

  void writeTo(SpanBuilder span) {
    facts.forEach(fact -> fact.writeTo(span));
  }

  private int indexOf(String key) {
    for (int i = 0; i < facts.size(); i++) {
      if (facts.get(i).key.getKey().equals(key)) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public int size() {
    return facts.size();
  }

  @Override
  public String key(int index) {
    return facts.get(index).key.getKey();
  }

  @Override
  public @Nullable Value<?> value(int index) {
    return toValue(facts.get(index).value);
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
      List<Value<?>> elements = new ArrayList<>(list.size());
      for (Object each : list) {
        elements.add(Objects.requireNonNullElseGet(toValue(each), ValueSupport::empty));
      }
      return Value.of(elements);
    }
    return value instanceof Value<?> any ? any : null;
  }
}
