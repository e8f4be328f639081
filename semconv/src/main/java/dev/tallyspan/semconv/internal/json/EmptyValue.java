package dev.tallyspan.semconv.internal.json;

import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.common.ValueType;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The empty value, which the OpenTelemetry API has only since 1.59. */
public final class EmptyValue {

  private static final @Nullable ValueType TYPE = type();
  private static final Value<?> EMPTY = find();

  private EmptyValue() {}

  public static Value<?> get() {
    return EMPTY;
  }

  public static boolean is(Value<?> value) {
    return value == EMPTY || isOfType(value.getType());
  }

  /** Whether values of this type are empty. */
  static boolean isOfType(ValueType type) {
    return type == TYPE;
  }

  private static @Nullable ValueType type() {
    for (ValueType type : ValueType.values()) {
      if (type.name().equals("EMPTY")) {
        return type;
      }
    }
    return null;
  }

  private static Value<?> find() {
    MethodHandle empty;
    try {
      empty =
          MethodHandles.publicLookup()
              .findStatic(Value.class, "empty", MethodType.methodType(Value.class));
    } catch (ReflectiveOperationException e) {
      return new NoValue();
    }
    if (TYPE == null) {
      return new NoValue();
    }
    try {
      return (Value<?>) empty.invoke();
    } catch (Throwable e) {
      throw new IllegalStateException("Value.empty failed", e);
    }
  }

  /**
   * Stands for the empty value where there is none. Of the types that there are, bytes are what the
   * code that walks values lets through as it is.
   */
  private static final class NoValue implements Value<ByteBuffer> {

    @Override
    public ValueType getType() {
      return ValueType.BYTES;
    }

    @Override
    public ByteBuffer getValue() {
      return ByteBuffer.allocate(0).asReadOnlyBuffer();
    }

    @Override
    public String asString() {
      return "";
    }

    @Override
    public String toString() {
      return "NoValue{}";
    }
  }
}
