package dev.tallyspan.benchmarks;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;

/** Attributes of spans that are made up. */
final class KeyValues {

  private KeyValues() {}

  static KeyValue text(String key, String value) {
    return of(key, AnyValue.newBuilder().setStringValue(value));
  }

  static KeyValue number(String key, long value) {
    return of(key, AnyValue.newBuilder().setIntValue(value));
  }

  static KeyValue decimal(String key, double value) {
    return of(key, AnyValue.newBuilder().setDoubleValue(value));
  }

  private static KeyValue of(String key, AnyValue.Builder value) {
    return KeyValue.newBuilder().setKey(key).setValue(value).build();
  }
}
