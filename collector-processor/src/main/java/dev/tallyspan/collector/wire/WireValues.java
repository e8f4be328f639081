package dev.tallyspan.collector.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A list of values within the bytes of a request. Getters decode on demand; a getter for another
 * type than the value's throws {@link IllegalStateException}. Not thread-safe.
 *
 * <p>Text is decoded with U+FFFD in place of bytes that are not valid UTF-8.
 */
public sealed class WireValues permits WireAttributes {

  /*
   * The parts of an entry: the bounds of its field, the bounds of its key, its type, the bounds of its
   * value's content, and the start of the field's content.
   */
  static final int FIELD_START = 0;
  static final int FIELD_END = 1;
  static final int KEY_START = 2;
  static final int KEY_END = 3;
  static final int TYPE = 4;
  static final int VALUE_START = 5;
  static final int VALUE_END = 6;
  static final int CONTENT_START = 7;
  static final int STRIDE = 8;

  private static final int STRING = ValueType.STRING.ordinal();
  private static final int BOOL = ValueType.BOOL.ordinal();
  private static final int INT = ValueType.INT.ordinal();
  private static final int DOUBLE = ValueType.DOUBLE.ordinal();
  private static final int ARRAY = ValueType.ARRAY.ordinal();
  private static final int MAP = ValueType.MAP.ordinal();
  private static final int BYTES = ValueType.BYTES.ordinal();
  private static final int NONE = ValueType.NONE.ordinal();

  /** Null = no limit. */
  private final @Nullable ValueBudget budget;

  byte[] bytes = Wire.NO_BYTES;
  int[] entries = new int[16 * STRIDE];
  int size;

  /** The bytes of the values that were merged from parts, by index; null if there are none. */
  private byte @Nullable [] @Nullable [] merged;

  WireValues(@Nullable ValueBudget budget) {
    this.budget = budget;
  }

  public final int size() {
    return size;
  }

  public final ValueType type(int index) {
    return ValueType.of(entry(index, TYPE));
  }

  public final String stringValue(int index) {
    int start = value(index, STRING);
    return new String(array(index), start, entry(index, VALUE_END) - start, StandardCharsets.UTF_8);
  }

  public final boolean boolValue(int index) {
    int start = value(index, BOOL);
    return Wire.varint64(array(index), start) != 0;
  }

  public final long longValue(int index) {
    int start = value(index, INT);
    return Wire.varint64(array(index), start);
  }

  public final double doubleValue(int index) {
    int start = value(index, DOUBLE);
    return Double.longBitsToDouble(Wire.fixed64(array(index), start));
  }

  public final byte[] bytesValue(int index) {
    int start = value(index, BYTES);
    return Arrays.copyOfRange(array(index), start, entry(index, VALUE_END));
  }

  public final WireValues arrayValue(int index) {
    int start = value(index, ARRAY);
    WireValues values = new WireValues(/* budget= */ null);
    values.fill(array(index), start, entry(index, VALUE_END), /* keyed= */ false);
    return values;
  }

  public final WireAttributes mapValue(int index) {
    int start = value(index, MAP);
    WireAttributes map = new WireAttributes(/* budget= */ null);
    map.fill(array(index), start, entry(index, VALUE_END), /* keyed= */ true);
    return map;
  }

  /** Whether all texts in the value at {@code index}, and all keys in it, are valid UTF-8. */
  public final boolean isUtf8(int index) {
    return switch (type(index)) {
      case STRING -> Utf8.isValid(array(index), entry(index, VALUE_START), entry(index, VALUE_END));
      case ARRAY -> arrayValue(index).allUtf8();
      case MAP -> mapValue(index).allUtf8();
      default -> true;
    };
  }

  final boolean allUtf8() {
    for (int i = 0; i < size; i++) {
      if (!isUtf8(i) || this instanceof WireAttributes map && !map.isUtf8Key(i)) {
        return false;
      }
    }
    return true;
  }

  /** The length in bytes of the encoding of a string, array, map or bytes, without the tag. */
  public final int valueLength(int index) {
    return entry(index, VALUE_END) - entry(index, VALUE_START);
  }

  final int entry(int index, int part) {
    return entries[Objects.checkIndex(index, size) * STRIDE + part];
  }

  private int value(int index, int type) {
    int actual = entry(index, TYPE);
    if (actual != type) {
      throw new IllegalStateException(
          "index="
              + index
              + ": the value is "
              + ValueType.of(actual)
              + ", not "
              + ValueType.of(type));
    }
    return entries[index * STRIDE + VALUE_START];
  }

  private byte[] array(int index) {
    // Entries that were added after the last merge may be beyond its end.
    byte[] own = merged == null || index >= merged.length ? null : merged[index];
    return own == null ? bytes : own;
  }

  /** Empties this list, and prepares for values in {@code bytes}. */
  void reset(byte[] bytes) {
    this.bytes = bytes;
    size = 0;
    merged = null;
  }

  /** Whether a value was merged from parts, so that it is not in {@link #bytes}. */
  final boolean hasMerged() {
    return merged != null;
  }

  /** Copies all entries to {@code target}, from {@code at} on. */
  final void save(int[] target, int at) {
    System.arraycopy(entries, 0, target, at, size * STRIDE);
  }

  /** Replaces all entries by those that were saved from {@code at} to the end of {@code saved}. */
  final void restore(int[] saved, int at) {
    int length = saved.length - at;
    if (length > entries.length) {
      entries = new int[length];
    }
    System.arraycopy(saved, at, entries, 0, length);
    size = length / STRIDE;
  }

  /** The approximate number of bytes of memory that this object needs. */
  int memory() {
    return entries.length * Integer.BYTES;
  }

  /**
   * Reads the values of an {@code ArrayValue} or {@code KeyValueList} that is known to be valid.
   */
  final void fill(byte[] b, int start, int end, boolean keyed) {
    reset(b);
    try {
      readList(b, start, end, /* depth= */ 0, keyed, /* keep= */ true);
    } catch (WireFault e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether the value at {@code index} is a string that starts with one of {@code prefixes}. */
  final boolean stringStartsWith(int index, KeyPrefixes prefixes) {
    return entry(index, TYPE) == STRING
        && prefixes.match(array(index), entry(index, VALUE_START), entry(index, VALUE_END));
  }

  /**
   * Checks an {@code AnyValue} in a singular field. The first occurrence becomes the only value of
   * this list; if there are more, {@link #mergeParts} must follow.
   *
   * @param depth the nesting depth of the message that holds it
   * @return whether a value in it came in parts
   */
  final boolean addPart(byte[] b, int at, int start, int end, int depth) throws WireFault {
    Wire.checkDepth(depth, at);
    return readAnyValue(b, start, end, depth + 1, size == 0 ? newEntry(at, start, end) : -1);
  }

  /** Merges the only value from all {@code tag} fields of the message that holds it. */
  final void mergeParts(byte[] b, int start, int end, int tag, int depth) throws WireFault {
    byte[] whole = concatenate(b, start, end, tag, /* oneof= */ false);
    setMerged(0, whole);
    readAnyValue(whole, 0, whole.length, depth + 1, 0);
  }

  /** Checks that {@code encoded} is a valid {@code AnyValue}. */
  final void checkAnyValue(byte[] encoded) throws WireFault {
    readAnyValue(encoded, 0, encoded.length, /* depth= */ 5, /* slot= */ -1);
  }

  /**
   * Checks an {@code ArrayValue} or {@code KeyValueList}.
   *
   * @param keep whether its values become those of this list
   * @return whether a value in it came in parts
   */
  private boolean readList(byte[] b, int pos, int end, int depth, boolean keyed, boolean keep)
      throws WireFault {
    boolean split = false;
    while (pos < end) {
      int at = pos;
      int tag = b[pos++];
      if (tag < 0) {
        long read = Wire.varint(b, at, end, "tag", at);
        pos = Wire.high(read);
        tag = (int) read;
      }
      if (tag != OtlpFields.LIST_VALUES) {
        pos = Wire.skip(b, pos, end, tag, at, depth);
        continue;
      }
      long content = Wire.content(b, pos, end, keyed ? "map entry" : "array element", at);
      int start = Wire.high(content);
      pos = (int) content;
      Wire.checkDepth(depth, at);
      int slot = keep ? newEntry(at, start, pos) : -1;
      split |=
          keyed
              ? readKeyValue(b, start, pos, depth + 1, slot)
              : readAnyValue(b, start, pos, depth + 1, slot);
    }
    return split;
  }

  /** Adds an entry, without key and value yet, for the field from {@code field} to {@code end}. */
  final int newEntry(int field, int content, int end) {
    int at = size * STRIDE;
    if (at == entries.length) {
      entries = Arrays.copyOf(entries, 2 * entries.length);
    }
    entries[at + FIELD_START] = field;
    entries[at + FIELD_END] = end;
    entries[at + KEY_START] = end;
    entries[at + KEY_END] = end;
    entries[at + TYPE] = NONE;
    entries[at + VALUE_START] = end;
    entries[at + VALUE_END] = end;
    entries[at + CONTENT_START] = content;
    return size++;
  }

  /**
   * Adds a {@code KeyValue} that has the usual encoding: a key, then a value with one scalar or
   * text.
   *
   * @param field where its field starts
   * @return whether it has; if not, nothing was checked or added
   */
  final boolean addUsual(byte[] b, int field, int start, int end) {
    long key = SpanScan.usualKey(b, start, end);
    if (key < 0) {
      return false;
    }
    int keyEnd = (int) key;
    // The length of the value has one byte or two.
    int pos = b[keyEnd + 1] >= 0 ? keyEnd + 2 : keyEnd + 3;
    if (end - pos < 2) {
      return false;
    }
    int tag = b[pos++];
    int type;
    switch (tag) {
      case OtlpFields.ANY_STRING -> {
        int length = b[pos++];
        if (length < 0) {
          if (pos == end || b[pos] <= 0) {
            return false;
          }
          length = length & 0x7F | b[pos++] << 7;
        }
        if (length != end - pos) {
          return false;
        }
        type = STRING;
      }
      case OtlpFields.ANY_INT, OtlpFields.ANY_BOOL -> {
        int last = pos;
        while (last < end && b[last] < 0) {
          last++;
        }
        if (last != end - 1 || last - pos >= 10) {
          return false;
        }
        type = tag == OtlpFields.ANY_INT ? INT : BOOL;
      }
      case OtlpFields.ANY_DOUBLE -> {
        if (end - pos != 8) {
          return false;
        }
        type = DOUBLE;
      }
      default -> {
        return false;
      }
    }
    int at = size * STRIDE;
    if (at == entries.length) {
      entries = Arrays.copyOf(entries, 2 * at);
    }
    entries[at + FIELD_START] = field;
    entries[at + FIELD_END] = end;
    entries[at + KEY_START] = Wire.high(key);
    entries[at + KEY_END] = keyEnd;
    entries[at + TYPE] = type;
    entries[at + VALUE_START] = pos;
    entries[at + VALUE_END] = end;
    entries[at + CONTENT_START] = start;
    size++;
    spend();
    spend();
    return true;
  }

  /**
   * Checks a {@code KeyValue}. If its value comes in parts, they are merged: two concatenated
   * messages are the encoding of the merged message.
   *
   * @param depth its nesting depth
   * @param slot the entry to fill; -1 = none
   * @return whether a value in it came in parts
   */
  final boolean readKeyValue(byte[] b, int start, int end, int depth, int slot) throws WireFault {
    spend();
    boolean split = false;
    int values = 0;
    int pos = start;
    while (pos < end) {
      int at = pos;
      int tag = b[pos++];
      if (tag < 0) {
        long read = Wire.varint(b, at, end, "tag", at);
        pos = Wire.high(read);
        tag = (int) read;
      }
      if (tag == OtlpFields.KEY) {
        long content = Wire.content(b, pos, end, "key", at);
        pos = (int) content;
        if (slot >= 0) {
          entries[slot * STRIDE + KEY_START] = Wire.high(content);
          entries[slot * STRIDE + KEY_END] = pos;
        }
      } else if (tag == OtlpFields.VALUE) {
        long content = Wire.content(b, pos, end, "value", at);
        pos = (int) content;
        Wire.checkDepth(depth, at);
        values++;
        split |= readAnyValue(b, Wire.high(content), pos, depth + 1, values == 1 ? slot : -1);
      } else {
        pos = Wire.skip(b, pos, end, tag, at, depth);
      }
    }
    if (values > 1) {
      split = true;
      if (slot >= 0) {
        byte[] whole = concatenate(b, start, end, OtlpFields.VALUE, /* oneof= */ false);
        setMerged(slot, whole);
        readAnyValue(whole, 0, whole.length, depth + 1, slot);
      }
    }
    return split;
  }

  /**
   * Like {@link #readKeyValue}, for an {@code AnyValue}. If it has several members, the last one
   * counts.
   */
  private boolean readAnyValue(byte[] b, int start, int end, int depth, int slot) throws WireFault {
    spend();
    int type = NONE;
    int from = end;
    int to = end;
    int lastTag = 0;
    boolean parts = false;
    boolean split = false;
    int pos = start;
    while (pos < end) {
      int at = pos;
      int tag = b[pos++];
      if (tag < 0) {
        long read = Wire.varint(b, at, end, "tag", at);
        pos = Wire.high(read);
        tag = (int) read;
      }
      switch (tag) {
        case OtlpFields.ANY_STRING, OtlpFields.ANY_BYTES -> {
          long content = Wire.content(b, pos, end, "value", at);
          type = tag == OtlpFields.ANY_STRING ? STRING : BYTES;
          from = Wire.high(content);
          to = (int) content;
          pos = to;
          lastTag = tag;
        }
        case OtlpFields.ANY_ARRAY, OtlpFields.ANY_MAP -> {
          long content = Wire.content(b, pos, end, "value", at);
          boolean keyed = tag == OtlpFields.ANY_MAP;
          type = keyed ? MAP : ARRAY;
          from = Wire.high(content);
          to = (int) content;
          pos = to;
          Wire.checkDepth(depth, at);
          split |= readList(b, from, to, depth + 1, keyed, /* keep= */ false);
          parts = lastTag == tag;
          lastTag = tag;
        }
        case OtlpFields.ANY_BOOL,
            OtlpFields.ANY_INT,
            OtlpFields.ANY_DOUBLE,
            OtlpFields.ANY_STRING_INDEX -> {
          type = scalarType(tag);
          from = pos;
          pos = Wire.skip(b, pos, end, tag, at, depth);
          to = pos;
          lastTag = tag;
        }
        default -> pos = Wire.skip(b, pos, end, tag, at, depth);
      }
    }
    parts &= type == ARRAY || type == MAP;
    if (slot >= 0) {
      if (parts) {
        byte[] whole = concatenate(b, start, end, lastTag, /* oneof= */ true);
        setMerged(slot, whole);
        from = 0;
        to = whole.length;
      }
      entries[slot * STRIDE + TYPE] = type;
      entries[slot * STRIDE + VALUE_START] = from;
      entries[slot * STRIDE + VALUE_END] = to;
    }
    return split || parts;
  }

  private void spend() {
    if (budget != null) {
      budget.take();
    }
  }

  private static int scalarType(int tag) {
    return switch (tag) {
      case OtlpFields.ANY_BOOL -> BOOL;
      case OtlpFields.ANY_INT -> INT;
      case OtlpFields.ANY_DOUBLE -> DOUBLE;
      default -> NONE;
    };
  }

  private void setMerged(int slot, byte[] whole) {
    byte[][] values = merged;
    if (values == null) {
      values = new byte[entries.length / STRIDE][];
    } else if (values.length <= slot) {
      values = Arrays.copyOf(values, entries.length / STRIDE);
    }
    values[slot] = whole;
    merged = values;
  }

  /**
   * Concatenates the contents of all {@code wanted} fields. In an AnyValue, which is a oneof, a
   * member discards earlier members of other types.
   */
  private static byte[] concatenate(byte[] b, int pos, int end, int wanted, boolean oneof)
      throws WireFault {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    while (pos < end) {
      int at = pos;
      long read = Wire.varint(b, at, end, "tag", at);
      int tag = (int) read;
      if (tag == wanted) {
        long content = Wire.content(b, Wire.high(read), end, "value", at);
        pos = (int) content;
        whole.write(b, Wire.high(content), pos - Wire.high(content));
      } else {
        pos = Wire.skip(b, Wire.high(read), end, tag, at, /* depth= */ 0);
        if (oneof && isMember(tag)) {
          whole.reset();
        }
      }
    }
    return whole.toByteArray();
  }

  private static boolean isMember(int tag) {
    return switch (tag) {
      case OtlpFields.ANY_STRING,
          OtlpFields.ANY_BOOL,
          OtlpFields.ANY_INT,
          OtlpFields.ANY_DOUBLE,
          OtlpFields.ANY_ARRAY,
          OtlpFields.ANY_MAP,
          OtlpFields.ANY_BYTES,
          OtlpFields.ANY_STRING_INDEX ->
          true;
      default -> false;
    };
  }
}
