package dev.tallyspan.semconv;

import dev.tallyspan.semconv.internal.json.EmptyValue;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.json.JsonWriter;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.AttributeType;
import io.opentelemetry.api.common.Value;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * Access to features that the OpenTelemetry API has only since 1.59: the empty value, and
 * attributes of any shape. They are looked up once, so that everything else also works with 1.43.
 * No other code in this library may use a member that 1.43 lacks.
 */
public final class ValueSupport {

  private static final @Nullable MethodHandle VALUE_KEY = findValueKey();

  private ValueSupport() {}

  /**
   * {@return the empty value, such as {@code null} in JSON} If the API has no such value, this is a
   * substitute that must not leave this library; {@link #toJson} writes it as {@code null}.
   */
  public static Value<?> empty() {
    return EmptyValue.get();
  }

  /**
   * {@return whether the value is the empty value}
   *
   * @param value the value
   */
  public static boolean isEmpty(Value<?> value) {
    return EmptyValue.is(value);
  }

  /**
   * {@return whether attributes can be maps, bytes and mixed lists} Requires version 1.59 of the
   * API.
   */
  public static boolean ofAttributes() {
    return VALUE_KEY != null;
  }

  /**
   * {@return a key for attributes of any shape} With an API older than 1.59, the key has only a
   * name: no attribute is found under it, and exporters reject attributes that are set with it. In
   * that case, set {@link #toJson} under {@link AttributeKey#stringKey} instead.
   *
   * @param name the name
   */
  @SuppressWarnings("unchecked") // what valueKey is declared to return
  public static AttributeKey<Value<?>> key(String name) {
    if (VALUE_KEY == null) {
      return new NameOfKey(name);
    }
    try {
      return (AttributeKey<Value<?>>) VALUE_KEY.invoke(name);
    } catch (Throwable e) {
      throw new IllegalStateException("AttributeKey.valueKey failed", e);
    }
  }

  /**
   * {@return the value as JSON text; bytes are written as base64, lone surrogates as U+FFFD}
   *
   * @param value the value
   */
  public static String toJson(Value<?> value) {
    return JsonWriter.write(value);
  }

  /**
   * {@return the object or array that a text is in JSON, or else the text itself as a value} JSON
   * that was cut off is text.
   *
   * @param text the text; null is an empty text
   */
  public static Value<?> fromJson(@Nullable String text) {
    Json json = Json.parse(text);
    Value<?> value = json.truncated() ? null : json.value();
    return value != null ? value : Value.of(text == null ? "" : text);
  }

  private static @Nullable MethodHandle findValueKey() {
    try {
      return MethodHandles.publicLookup()
          .findStatic(
              AttributeKey.class,
              "valueKey",
              MethodType.methodType(AttributeKey.class, String.class));
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }

  private record NameOfKey(String name) implements AttributeKey<Value<?>> {

    @Override
    public String getKey() {
      return name;
    }

    @Override
    public AttributeType getType() {
      throw new UnsupportedOperationException(
          name + ": attributes of any shape need the OpenTelemetry API 1.59 or newer");
    }

    @Override
    public String toString() {
      return name;
    }
  }
}
