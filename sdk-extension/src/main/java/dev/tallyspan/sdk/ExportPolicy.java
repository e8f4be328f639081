package dev.tallyspan.sdk;

import dev.tallyspan.semconv.AttributeEdits;
import dev.tallyspan.semconv.AttributeView;
import dev.tallyspan.semconv.ValueSupport;
import dev.tallyspan.semconv.content.ContentBudget;
import dev.tallyspan.semconv.content.ContentPolicy;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Applies a content policy to the parts of what is exported. Thread-safe. */
final class ExportPolicy {

  /** What must have a name, and had one that must not leave. */
  static final String NO_NAME = "[REMOVED]";

  private final ContentPolicy policy;

  ExportPolicy(ContentPolicy policy) {
    this.policy = policy;
  }

  /** A budget for one span or log record. */
  ContentBudget budget() {
    return policy.spanBudget();
  }

  /** Returns what may leave of each. What the policy fails on is left out, and counted. */
  static <T> List<T> leaving(Collection<T> all, UnaryOperator<T> leaving, Faults faults) {
    List<T> left = new ArrayList<>(all.size());
    for (T each : all) {
      try {
        left.add(leaving.apply(each));
      } catch (RuntimeException | StackOverflowError e) {
        faults.spanFailed(e);
      }
    }
    return left;
  }

  /** Returns the attributes that may leave; the same instance if nothing changes. */
  Attributes attributes(Attributes attributes, ContentBudget budget) {
    if (attributes.isEmpty()) {
      return attributes;
    }
    Edits edits = new Edits();
    policy.apply(new SdkAttributes(attributes), edits, budget);
    return edits.applyTo(attributes);
  }

  /**
   * Returns the text that may leave; null if none may.
   *
   * @param key says what the text is
   */
  @Nullable String text(String key, String text, ContentBudget budget) {
    if (text.isEmpty()) {
      return text;
    }
    Edits edits = new Edits();
    policy.apply(new OneText(key, text), edits, budget);
    if (edits.touched.isEmpty()) {
      return text;
    }
    Object edited = edits.set.values().stream().findFirst().orElse(null);
    return edited == null ? null : String.valueOf(edited);
  }

  /** Returns the body that may leave; null if none may. */
  @Nullable Value<?> body(Value<?> body, ContentBudget budget) {
    return policy.body(body, budget).value();
  }

  private record OneText(String name, String text) implements AttributeView {
    @Override
    public int size() {
      return 1;
    }

    @Override
    public String key(int index) {
      return name;
    }

    @Override
    public Value<?> value(int index) {
      return Value.of(text);
    }
  }

  /** Changes that take the place of all attributes with the same name, whatever their type. */
  private static final class Edits implements AttributeEdits {
    private final Map<AttributeKey<?>, Object> set = new LinkedHashMap<>();
    private final Set<String> touched = new HashSet<>();

    private void put(AttributeKey<?> key, Object value) {
      remove(key.getKey());
      set.put(key, value);
    }

    @Override
    public void set(String key, String value) {
      put(AttributeKey.stringKey(key), value);
    }

    @Override
    public void set(String key, long value) {
      put(AttributeKey.longKey(key), value);
    }

    @Override
    public void set(String key, double value) {
      put(AttributeKey.doubleKey(key), value);
    }

    @Override
    public void set(String key, boolean value) {
      put(AttributeKey.booleanKey(key), value);
    }

    @Override
    public void set(String key, List<String> values) {
      put(AttributeKey.stringArrayKey(key), values);
    }

    @Override
    public void set(String key, Value<?> value) {
      if (ValueSupport.ofAttributes()) {
        put(ValueSupport.key(key), value);
      } else {
        set(key, ValueSupport.toJson(value));
      }
    }

    @Override
    public void remove(String key) {
      touched.add(key);
      set.keySet().removeIf(present -> present.getKey().equals(key));
    }

    @SuppressWarnings("unchecked") // put() has keys with values of their type
    Attributes applyTo(Attributes attributes) {
      if (touched.isEmpty()) {
        return attributes;
      }
      AttributesBuilder builder = attributes.toBuilder();
      builder.removeIf(key -> touched.contains(key.getKey()));
      set.forEach((key, value) -> builder.put((AttributeKey<Object>) key, value));
      return builder.build();
    }
  }
}
