package dev.tallyspan.collector.demo;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One step of a scripted trace: a span with given times, in milliseconds from the start of the
 * trace, so that the trace of a minute is recorded at once.
 */
final class Step {

  private final Tracer tracer;
  private final long originNanos;
  private final Span span;
  private final Context context;

  /** Attributes of this span and of all below it, as an application sets them with baggage. */
  private final Map<String, String> identity;

  private Step(
      Tracer tracer,
      long originNanos,
      Context parent,
      Map<String, String> identity,
      String name,
      SpanKind kind,
      long from) {
    this.tracer = tracer;
    this.originNanos = originNanos;
    this.span =
        tracer
            .spanBuilder(name)
            .setSpanKind(kind)
            .setParent(parent)
            .setStartTimestamp(originNanos + from * 1_000_000, TimeUnit.NANOSECONDS)
            .startSpan();
    this.context = parent.with(span);
    this.identity = new LinkedHashMap<>(identity);
    identity.forEach(this::set);
  }

  /** Records a trace whose root takes {@code millis} from {@code originNanos} on. */
  static void trace(
      Tracer tracer,
      long originNanos,
      String name,
      SpanKind kind,
      long millis,
      Consumer<Step> body) {
    Step root = new Step(tracer, originNanos, Context.root(), Map.of(), name, kind, 0);
    body.accept(root);
    root.end(millis);
  }

  /** Records a span below this one. */
  Step child(String name, SpanKind kind, long from, long to, Consumer<Step> body) {
    Step child = new Step(tracer, originNanos, context, identity, name, kind, from);
    body.accept(child);
    child.end(to);
    return this;
  }

  /** Sets an attribute of this span and of all that are recorded below it from now on. */
  Step identify(String key, String value) {
    identity.put(key, value);
    return set(key, value);
  }

  Step set(String key, String value) {
    span.setAttribute(key, value);
    return this;
  }

  Step set(String key, long value) {
    span.setAttribute(key, value);
    return this;
  }

  Step set(String key, double value) {
    span.setAttribute(key, value);
    return this;
  }

  Step set(String key, boolean value) {
    span.setAttribute(key, value);
    return this;
  }

  Step set(String key, List<String> values) {
    span.setAttribute(AttributeKey.stringArrayKey(key), values);
    return this;
  }

  /** Sets a structured value, which the SDK supports since 1.59. */
  Step set(String key, Value<?> value) {
    span.setAttribute(AttributeKey.valueKey(key), value);
    return this;
  }

  Step fail(String errorType, String message) {
    span.setAttribute("error.type", errorType);
    span.setStatus(StatusCode.ERROR, message);
    return this;
  }

  private void end(long at) {
    span.end(originNanos + at * 1_000_000, TimeUnit.NANOSECONDS);
  }

  /**
   * Returns a map value of alternating keys and values; a value is a Value, String, Long, Integer
   * or Double.
   */
  static Value<?> object(Object... keysAndValues) {
    KeyValue[] entries = new KeyValue[keysAndValues.length / 2];
    for (int i = 0; i < entries.length; i++) {
      entries[i] = KeyValue.of((String) keysAndValues[2 * i], value(keysAndValues[2 * i + 1]));
    }
    return Value.of(entries);
  }

  static Value<?> array(Value<?>... elements) {
    return Value.of(elements);
  }

  private static Value<?> value(Object value) {
    if (value instanceof Value<?> ready) {
      return ready;
    }
    if (value instanceof Double number) {
      return Value.of(number);
    }
    if (value instanceof Number number) {
      return Value.of(number.longValue());
    }
    return Value.of((String) value);
  }
}
