package dev.tallyspan.collector.spans;

import dev.tallyspan.collector.wire.WireAttributes;
import dev.tallyspan.collector.wire.WireValues;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decodes attribute values into OpenTelemetry's {@link Value}. */
public final class WireValueReader {

  private WireValueReader() {}

  /** Returns the value at {@code index}, or null if the attribute has none. */
  public static @Nullable Value<?> read(WireValues values, int index) {
    return switch (values.type(index)) {
      case STRING -> Value.of(values.stringValue(index));
      case BOOL -> Value.of(values.boolValue(index));
      case INT -> Value.of(values.longValue(index));
      case DOUBLE -> Value.of(values.doubleValue(index));
      case BYTES -> Value.of(values.bytesValue(index));
      case ARRAY -> Value.of(list(values.arrayValue(index)));
      case MAP -> map(values.mapValue(index));
      case NONE -> null;
    };
  }

  private static List<Value<?>> list(WireValues array) {
    List<Value<?>> list = new ArrayList<>(array.size());
    for (int i = 0; i < array.size(); i++) {
      list.add(orEmpty(read(array, i)));
    }
    return list;
  }

  private static Value<?> map(WireAttributes map) {
    KeyValue[] entries = new KeyValue[map.size()];
    for (int i = 0; i < entries.length; i++) {
      entries[i] = KeyValue.of(map.key(i), orEmpty(read(map, i)));
    }
    return Value.of(entries);
  }

  /** An element without a value keeps its place. */
  private static Value<?> orEmpty(@Nullable Value<?> value) {
    return value == null ? Value.empty() : value;
  }
}
