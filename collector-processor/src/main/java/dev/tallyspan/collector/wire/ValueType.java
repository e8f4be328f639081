package dev.tallyspan.collector.wire;

/** The type of an attribute's value. */
public enum ValueType {
  /** No value, an empty value, or a value of a type that this version does not know. */
  NONE,
  STRING,
  BOOL,
  INT,
  DOUBLE,
  ARRAY,
  /** A list of keys and values: {@code KeyValueList}. */
  MAP,
  BYTES;

  private static final ValueType[] VALUES = values();

  static ValueType of(int ordinal) {
    return VALUES[ordinal];
  }
}
