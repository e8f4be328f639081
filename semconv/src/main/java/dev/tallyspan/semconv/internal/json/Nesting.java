package dev.tallyspan.semconv.internal.json;

import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Limits the nesting depth of structured values, since traversing, comparing and writing them is
 * recursive. Values that are nested deeper are not read; the same applies to JSON text.
 */
public final class Nesting {

  static final int MAX_DEPTH = 200;

  private Nesting() {}

  /** The value itself; null if it is nested too deeply. */
  public static @Nullable Value<?> bounded(@Nullable Value<?> value) {
    return value == null || fits(value, 0) ? value : null;
  }

  @SuppressWarnings("unchecked") // getValue() has the type that getType() indicates
  private static boolean fits(Value<?> value, int depth) {
    switch (value.getType()) {
      case ARRAY:
        for (Value<?> element : (List<Value<?>>) value.getValue()) {
          if (depth == MAX_DEPTH || !fits(element, depth + 1)) {
            return false;
          }
        }
        return true;
      case KEY_VALUE_LIST:
        for (KeyValue member : (List<KeyValue>) value.getValue()) {
          if (depth == MAX_DEPTH || !fits(member.getValue(), depth + 1)) {
            return false;
          }
        }
        return true;
      default:
        return true;
    }
  }
}
