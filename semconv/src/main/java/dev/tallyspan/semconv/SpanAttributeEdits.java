package dev.tallyspan.semconv;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.trace.Span;
import java.util.List;
import java.util.Objects;

/** Writes to a span of the API. */
final class SpanAttributeEdits implements AttributeEdits {

  private final Span span;

  SpanAttributeEdits(Span span) {
    this.span = Objects.requireNonNull(span, "span");
  }

  @Override
  public void set(String key, String value) {
    span.setAttribute(key, value);
  }

  @Override
  public void set(String key, long value) {
    span.setAttribute(key, value);
  }

  @Override
  public void set(String key, double value) {
    span.setAttribute(key, value);
  }

  @Override
  public void set(String key, boolean value) {
    span.setAttribute(key, value);
  }

  @Override
  public void set(String key, List<String> values) {
    span.setAttribute(AttributeKey.stringArrayKey(key), values);
  }

  @Override
  public void set(String key, Value<?> value) {
    if (ValueSupport.ofAttributes()) {
      span.setAttribute(ValueSupport.key(key), value);
    } else {
      span.setAttribute(key, ValueSupport.toJson(value));
    }
  }

  @Override
  public void remove(String key) {}
}
