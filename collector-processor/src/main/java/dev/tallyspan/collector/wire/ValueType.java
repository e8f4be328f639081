package dev.tallyspan.collector.wire;

/** What an attribute's value is. */
public enum ValueType {
  /** There is no value, an empty one, or one of a type that this version does not know. */
  NONE,
  STRING,
  BOOL,
  INT,
  DOUBLE,
  ARRAY,
  /** A list of keys and values, as {@code KeyValueList} has them. */
  MAP,
  BYTES;

  private static final ValueType[] VALUES = values();

  static ValueType of(int ordinal) {
    return VALUES[ordinal];
  }
}
