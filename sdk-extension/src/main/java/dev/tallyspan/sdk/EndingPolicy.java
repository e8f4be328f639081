package dev.tallyspan.sdk;

import dev.tallyspan.semconv.AttributeEdits;
import dev.tallyspan.semconv.ValueSupport;
import dev.tallyspan.semconv.content.ContentPolicy;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.AttributeType;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Applies a content policy to the attributes of a span that is about to end, where the exporter
 * cannot be wrapped: in a configuration file. The SDK can neither remove an attribute nor change
 * its type, so what must not leave is replaced by a value of the same type that says nothing.
 */
final class EndingPolicy {

  private static final String REMOVED = "[REMOVED]";

  private final ContentPolicy policy;

  EndingPolicy(ContentPolicy policy) {
    this.policy = policy;
  }

  void ending(ReadWriteSpan span) {
    Attributes attributes = span.getAttributes();
    if (!attributes.isEmpty()) {
      policy.apply(new SdkAttributes(attributes), new Edits(span, attributes));
    }
  }

  private static final class Edits implements AttributeEdits {
    private final ReadWriteSpan span;
    private final Map<String, List<AttributeKey<?>>> present;

    Edits(ReadWriteSpan span, Attributes attributes) {
      this.span = span;
      present =
          attributes.asMap().keySet().stream().collect(Collectors.groupingBy(k -> k.getKey()));
    }

    /** Sets all attributes with the name; those of another type lose their value. */
    private void set(String name, AttributeType type, @Nullable Object value) {
      for (AttributeKey<?> key : present.getOrDefault(name, List.of())) {
        put(key, key.getType() == type && value != null ? value : nothing(key.getType(), value));
      }
    }

    @SuppressWarnings("unchecked") // the value is of the key's type
    private void put(AttributeKey<?> key, Object value) {
      span.setAttribute((AttributeKey<Object>) key, value);
    }

    private static Object nothing(AttributeType type, @Nullable Object value) {
      return switch (type) {
        case STRING -> value instanceof Value<?> any ? ValueSupport.toJson(any) : REMOVED;
        case BOOLEAN -> false;
        case LONG -> 0L;
        case DOUBLE -> 0.0;
        case STRING_ARRAY, BOOLEAN_ARRAY, LONG_ARRAY, DOUBLE_ARRAY -> List.of();
        default -> Value.of(REMOVED);
      };
    }

    @Override
    public void set(String key, String value) {
      set(key, AttributeType.STRING, value);
    }

    @Override
    public void set(String key, long value) {
      set(key, AttributeType.LONG, value);
    }

    @Override
    public void set(String key, double value) {
      set(key, AttributeType.DOUBLE, value);
    }

    @Override
    public void set(String key, boolean value) {
      set(key, AttributeType.BOOLEAN, value);
    }

    @Override
    public void set(String key, List<String> values) {
      set(key, AttributeType.STRING_ARRAY, values);
    }

    @Override
    public void set(String key, Value<?> value) {
      set(key, ValueSupport.ofAttributes() ? ValueSupport.key(key).getType() : null, value);
    }

    private void set(String key, @Nullable AttributeType type, Value<?> value) {
      set(key, type == null ? AttributeType.STRING : type, (Object) value);
    }

    @Override
    public void remove(String key) {
      set(key, AttributeType.STRING, (Object) null);
    }
  }
}
