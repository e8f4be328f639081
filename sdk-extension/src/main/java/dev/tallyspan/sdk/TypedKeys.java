package dev.tallyspan.sdk;

import dev.tallyspan.semconv.ValueSupport;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.AttributeType;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Keeps the keys of a span unique, as OTLP requires. An SDK older than 1.65 holds two attributes
 * with the same name if their types differ, and attributes cannot be removed. So an attribute that
 * an instrumentation wrote as text, such as Micrometer's token counts, stays text.
 */
final class TypedKeys {

  /** Determined by a test span, because the version of the SDK may be unknown. */
  private static final boolean UNIQUE_NAMES = hasUniqueNames();

  private final Map<String, AttributeType> types;

  private TypedKeys(Map<String, AttributeType> types) {
    this.types = types;
  }

  static TypedKeys of(ReadableSpan span) {
    return new TypedKeys(UNIQUE_NAMES ? Map.of() : types(span.getAttributes()));
  }

  /**
   * Sets an attribute; as text if the span has text under this name.
   *
   * @return whether the span has the value, or keeps the one it has because of its type
   */
  <T> boolean set(ReadWriteSpan span, AttributeKey<T> key, T value) {
    AttributeType present = types.get(key.getKey());
    if (present == null || present == key.getType()) {
      span.setAttribute(key, value);
      return span.getAttribute(key) != null;
    }
    if (present == AttributeType.STRING) {
      span.setAttribute(AttributeKey.stringKey(key.getKey()), text(value));
    }
    return true;
  }

  private static String text(Object value) {
    if (value instanceof List<?> texts) {
      return ValueSupport.toJson(
          Value.of(texts.stream().map(text -> Value.of((String) text)).toArray(Value<?>[]::new)));
    }
    return value instanceof Value<?> any ? ValueSupport.toJson(any) : String.valueOf(value);
  }

  private static Map<String, AttributeType> types(Attributes attributes) {
    return attributes.asMap().keySet().stream()
        .collect(Collectors.toMap(AttributeKey::getKey, AttributeKey::getType, (a, b) -> a));
  }

  private static boolean hasUniqueNames() {
    SdkTracerProvider provider = SdkTracerProvider.builder().addSpanProcessor(new Any()).build();
    try (provider) {
      Span span = provider.get("dev.tallyspan.sdk").spanBuilder("trial").setNoParent().startSpan();
      span.setAttribute("key", "1").setAttribute("key", 1L);
      // Before its end, a span returns a copy without duplicates.
      span.end();
      return ((ReadableSpan) span).toSpanData().getAttributes().size() == 1;
    }
  }

  /** The SDK only records spans if there is a processor. */
  private static final class Any implements SpanProcessor {

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {}

    @Override
    public boolean isStartRequired() {
      return false;
    }

    @Override
    public void onEnd(ReadableSpan span) {}

    @Override
    public boolean isEndRequired() {
      return false;
    }
  }
}
