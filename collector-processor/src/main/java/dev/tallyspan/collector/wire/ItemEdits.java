package dev.tallyspan.collector.wire;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The changes to the attributes of one span, span event, log record or resource. Attributes that
 * are set are appended, in the order in which they were last set, and all earlier occurrences of
 * their keys are removed. An attribute that already has the value stays where it is, so that
 * applying the same edits twice changes nothing the second time. Not thread-safe.
 */
public abstract sealed class ItemEdits
    permits SpanEdits, EventEdits, LogEdits, ResourceEdits, ContentEdits {

  /*
   * The parts of an edit's record: the bounds of the encoded attribute, whose first field is the key,
   * and the bounds of the key. A removal has only a key. A long text follows the bounds, but is in an
   * array of its own, because most bytes of most edits are in few texts: they need not be collected
   * and copied.
   */
  private static final int FIELD_START = 0;
  private static final int FIELD_END = 1;
  private static final int CONTENT = 2;
  private static final int KEY_START = 3;
  private static final int KEY_END = 4;
  private static final int STRIDE = 5;

  /** Instead of FIELD_START: the edit removes the key and appends nothing. */
  private static final int REMOVAL = -1;

  /** Instead of FIELD_START: a later edit of the same key replaces this one. */
  private static final int VOID = -2;

  /** Instead of FIELD_START: the item already has this value; other occurrences are removed. */
  private static final int KEPT = -3;

  /** With more edits than this, keys are looked up in a map instead of compared one by one. */
  private static final int FEW = 16;

  /** Longer keys are not cached, because they are most likely data. */
  private static final int MAX_KNOWN_KEY = 100;

  /** Texts of at least this many bytes are not copied, although that makes more slices. */
  private static final int LONG_TEXT = 512;

  /** The maximum size of an attribute's tag and length. */
  private static final int MAX_HEADER = 6;

  private final byte attributesTag;
  private final ProtobufWriter out = new ProtobufWriter(1024);
  private AnyValueWriter list = new AnyValueWriter();
  private final WireValues checker = new WireValues(/* budget= */ null);
  private @Nullable String[] keys = new String[FEW];
  private int[] records = new int[FEW * STRIDE];

  /** For each record, the text that follows it; empty for most. */
  private byte[][] texts = new byte[FEW][];

  private int count;

  /** The number of bytes to append to the item, from {@link #out} and {@link #texts}. */
  private long appendedSize;

  /** The number of records that a text follows. */
  private int longTexts;

  /* The attribute that is being written. */
  private int fieldStart;
  private int contentStart;
  private int keyStart;
  private int keyEnd;

  private final @Nullable String[] knownKeys = new String[128];
  private final byte[][] encodedKeys = new byte[128][];

  /**
   * One bit for each edited key, so that most other keys are recognised as different with one test.
   */
  private long keyBits;

  /** The record that counts for each key; filled only when there are more than {@link #FEW}. */
  private Map<String, Integer> byKey = new HashMap<>();

  /**
   * What to remove from the item: the start (high half) and end (low half) of each range, in order.
   */
  private long[] cuts = new long[16];

  private int cutCount;

  /**
   * @param attributesTag the tag of the item's attributes
   */
  ItemEdits(int attributesTag) {
    this.attributesTag = (byte) attributesTag;
  }

  public void set(String key, String value) {
    requireNonNull(key, "key");
    requireNonNull(value, "value");
    if (value.length() > ProtobufWriter.SHORT_TEXT || !setAscii(key, value)) {
      byte[] text = value.getBytes(StandardCharsets.UTF_8);
      setText(key, text, text.length);
    }
  }

  /**
   * Sets a text.
   *
   * @param utf8 holds the text, which is valid, from the first byte; not kept
   * @param length the length of the text, in bytes
   */
  public void setUtf8(String key, byte[] utf8, int length) {
    requireNonNull(key, "key");
    setText(key, length < LONG_TEXT ? utf8 : Arrays.copyOf(utf8, length), length);
  }

  /**
   * @param utf8 of a long text, holds nothing else and is kept
   */
  private void setText(String key, byte[] utf8, int length) {
    boolean aside = length >= LONG_TEXT;
    int header = 1 + ProtobufWriter.varintSize(length);
    begin(key, header + (long) length, aside ? header : header + length);
    out.tag(1, Wire.LENGTH_DELIMITED);
    out.varint(length);
    if (aside) {
      record(key, fieldStart, out.size(), utf8);
    } else {
      out.append(utf8, 0, length);
      end(key);
    }
  }

  /**
   * Sets a short text without an intermediate array. Returns false, without effect, if it is not
   * ASCII.
   */
  private boolean setAscii(String key, String value) {
    int length = value.length();
    begin(key, 2 + length);
    byte[] b = out.array();
    int at = out.size();
    b[at++] = OtlpFields.ANY_STRING;
    b[at++] = (byte) length;
    for (int i = 0; i < length; i++) {
      char c = value.charAt(i);
      if (c >= 0x80) {
        out.resize(fieldStart);
        return false;
      }
      b[at + i] = (byte) c;
    }
    out.resize(at + length);
    end(key);
    return true;
  }

  public void set(String key, long value) {
    requireNonNull(key, "key");
    begin(key, 1 + ProtobufWriter.varintSize(value));
    out.writeVarint(3, value);
    end(key);
  }

  public void set(String key, double value) {
    requireNonNull(key, "key");
    begin(key, 9);
    out.writeDouble(4, value);
    end(key);
  }

  public void set(String key, boolean value) {
    requireNonNull(key, "key");
    begin(key, 2);
    out.writeVarint(2, value ? 1 : 0);
    end(key);
  }

  public void set(String key, List<String> values) {
    list.reset();
    list.startArray();
    for (String value : values) {
      list.string(value);
    }
    set(key, list.end());
  }

  /** Sets the value that {@code value} holds. */
  public void set(String key, AnyValueWriter value) {
    requireNonNull(key, "key");
    ProtobufWriter encoded = value.encoded();
    begin(key, encoded.size());
    out.append(encoded.array(), 0, encoded.size());
    end(key);
  }

  /**
   * Sets a value of any shape.
   *
   * @param anyValue the encoding of an {@code AnyValue}
   * @throws IllegalArgumentException if it is not a valid {@code AnyValue}
   */
  public void setEncoded(String key, byte[] anyValue) {
    requireNonNull(key, "key");
    try {
      checker.checkAnyValue(anyValue);
    } catch (WireFault e) {
      throw new IllegalArgumentException("anyValue: " + e.relativeTo(0).getMessage(), e);
    }
    begin(key, anyValue.length);
    out.append(anyValue, 0, anyValue.length);
    end(key);
  }

  /** Removes all attributes with this key, if there are any. */
  public void remove(String key) {
    requireNonNull(key, "key");
    byte[] keyField = encode(key);
    byte[] b = out.ensure(keyField.length);
    writeKey(b, out.size(), keyField);
    out.resize(keyEnd);
    record(key, REMOVAL, REMOVAL, Wire.NO_BYTES);
  }

  private void begin(String key, int valueSize) {
    begin(key, valueSize, valueSize);
  }

  /**
   * Writes an attribute up to its value, whose size must be known, and makes room for the first
   * {@code written} bytes of the value.
   */
  private void begin(String key, long valueSize, int written) {
    byte[] keyField = encode(key);
    long header = keyField.length + 1L + ProtobufWriter.varintSize(valueSize);
    long size = header + valueSize;
    if (MAX_HEADER + size > Integer.MAX_VALUE) {
      throw new IllegalStateException("an attribute of " + size + " bytes exceeds 2 GiB");
    }
    fieldStart = out.size();
    byte[] b = out.ensure(MAX_HEADER + header + written);
    b[fieldStart] = attributesTag;
    contentStart = ProtobufWriter.putVarint(b, fieldStart + 1, (int) size);
    writeKey(b, contentStart, keyField);
    b[keyEnd] = OtlpFields.VALUE;
    out.resize(ProtobufWriter.putVarint(b, keyEnd + 1, (int) valueSize));
  }

  private void writeKey(byte[] b, int at, byte[] keyField) {
    System.arraycopy(keyField, 0, b, at, keyField.length);
    keyStart = at + 2;
    while (b[keyStart - 1] < 0) {
      keyStart++;
    }
    keyEnd = at + keyField.length;
  }

  /**
   * Encodes the field of a key. The same few keys are set on item after item, so they are cached.
   */
  private byte[] encode(String key) {
    int slot = key.hashCode() & (knownKeys.length - 1);
    if (key.equals(knownKeys[slot])) {
      return encodedKeys[slot];
    }
    byte[] text = key.getBytes(StandardCharsets.UTF_8);
    byte[] encoded = new ProtobufWriter(text.length + 6).writeBytes(1, text).toByteArray();
    if (encoded.length <= MAX_KNOWN_KEY) {
      knownKeys[slot] = key;
      encodedKeys[slot] = encoded;
    }
    return encoded;
  }

  private void end(String key) {
    record(key, fieldStart, out.size(), Wire.NO_BYTES);
  }

  private void record(String key, int start, int end, byte[] text) {
    if (count == keys.length) {
      keys = Arrays.copyOf(keys, 2 * count);
      texts = Arrays.copyOf(texts, 2 * count);
      records = Arrays.copyOf(records, 2 * count * STRIDE);
    }
    long keyBit = keyBit(out.array(), keyStart, keyEnd);
    int earlier = (keyBits & keyBit) == 0 ? -1 : find(key);
    if (earlier >= 0) {
      keys[earlier] = null;
      drop(earlier, VOID);
    }
    appendedSize += end - start + (long) text.length;
    longTexts += text.length > 0 ? 1 : 0;
    texts[count] = text;
    int at = count * STRIDE;
    records[at + FIELD_START] = start;
    records[at + FIELD_END] = end;
    records[at + CONTENT] = contentStart;
    records[at + KEY_START] = keyStart;
    records[at + KEY_END] = keyEnd;
    keyBits |= keyBit;
    keys[count++] = key;
    if (count > FEW) {
      remember(key);
    }
  }

  private void drop(int index, int reason) {
    int record = index * STRIDE;
    if (records[record + FIELD_START] >= 0) {
      appendedSize -=
          records[record + FIELD_END] - records[record + FIELD_START] + (long) texts[index].length;
    }
    records[record + FIELD_START] = reason;
  }

  private int find(String key) {
    if (count > FEW) {
      return byKey.getOrDefault(key, -1);
    }
    for (int i = 0; i < count; i++) {
      if (key.equals(keys[i])) {
        return i;
      }
    }
    return -1;
  }

  private void remember(String key) {
    if (count > FEW + 1) {
      byKey.put(key, count - 1);
      return;
    }
    for (int i = 0; i < count; i++) {
      if (keys[i] != null) {
        byKey.put(keys[i], i);
      }
    }
  }

  /** Discards all edits. */
  void reset() {
    out.reset();
    Arrays.fill(keys, 0, count, null);
    if (longTexts > 0) {
      Arrays.fill(texts, 0, count, Wire.NO_BYTES);
    }
    longTexts = 0;
    if (count > FEW) {
      // Otherwise, a large table would have to be cleared for each item that follows.
      byKey = new HashMap<>();
    }
    count = 0;
    appendedSize = 0;
    keyBits = 0;
    cutCount = 0;
  }

  /**
   * Determines the effect of the edits on these attributes. Returns whether they change anything.
   */
  final boolean resolve(WireAttributes attributes) {
    if (count > 0) {
      resolveAttributes(attributes);
    }
    return cutCount > 0 || appendedSize() > 0;
  }

  private void resolveAttributes(WireAttributes attributes) {
    for (int i = 0; i < attributes.size(); i++) {
      int record = match(attributes, i);
      if (record < 0) {
        continue;
      }
      if (hasThisValue(attributes, i, record)) {
        drop(record, KEPT);
      } else {
        cut(attributes.entry(i, WireValues.FIELD_START), attributes.entry(i, WireValues.FIELD_END));
      }
    }
  }

  /** Returns the edit for the key of the attribute at {@code index}, or -1 if there is none. */
  private int match(WireAttributes attributes, int index) {
    int start = attributes.entry(index, WireValues.KEY_START);
    int end = attributes.entry(index, WireValues.KEY_END);
    if ((keyBits & keyBit(attributes.bytes, start, end)) == 0) {
      return -1;
    }
    if (count > FEW) {
      int record = byKey.getOrDefault(attributes.key(index), -1);
      return record >= 0 && hasKey(record * STRIDE, attributes.bytes, start, end) ? record : -1;
    }
    for (int i = 0; i < count; i++) {
      if (records[i * STRIDE + FIELD_START] != VOID
          && hasKey(i * STRIDE, attributes.bytes, start, end)) {
        return i;
      }
    }
    return -1;
  }

  private static long keyBit(byte[] b, int start, int end) {
    return 1L << (start == end ? 0 : end - start + 7 * b[end - 1]);
  }

  private boolean hasKey(int record, byte[] b, int start, int end) {
    int keyStart = records[record + KEY_START];
    int keyEnd = records[record + KEY_END];
    return keyEnd - keyStart == end - start
        && Arrays.equals(b, start, end, out.array(), keyStart, keyEnd);
  }

  /** Whether an attribute equals the one to append, with its key and value in either order. */
  private boolean hasThisValue(WireAttributes attributes, int index, int edit) {
    int record = edit * STRIDE;
    if (records[record + FIELD_START] < 0) {
      return false;
    }
    int content = records[record + CONTENT];
    int keySize = records[record + KEY_END] - content;
    int writtenEnd = records[record + FIELD_END];
    long size = writtenEnd - content + (long) texts[edit].length;
    int end = attributes.entry(index, WireValues.FIELD_END);
    if (end - size <= attributes.entry(index, WireValues.FIELD_START)) {
      return false;
    }
    int start = (int) (end - size);
    if (attributes.entry(index, WireValues.CONTENT_START) != start) {
      return false;
    }
    byte[] b = attributes.bytes;
    byte[] encoded = out.array();
    int keyEnd = content + keySize;
    return Arrays.equals(b, start, start + keySize, encoded, content, keyEnd)
            && hasValue(b, start + keySize, end, encoded, keyEnd, writtenEnd, texts[edit])
        || Arrays.equals(b, end - keySize, end, encoded, content, keyEnd)
            && hasValue(b, start, end - keySize, encoded, keyEnd, writtenEnd, texts[edit]);
  }

  /** Whether a range of {@code b} is the part of a value that was written, and then the text. */
  private static boolean hasValue(
      byte[] b, int start, int end, byte[] encoded, int from, int to, byte[] text) {
    int textStart = end - text.length;
    return Arrays.equals(b, start, textStart, encoded, from, to)
        && Arrays.equals(b, textStart, end, text, 0, text.length);
  }

  final void cut(int start, int end) {
    if (cutCount == cuts.length) {
      cuts = Arrays.copyOf(cuts, 2 * cutCount);
    }
    cuts[cutCount++] = (long) start << 32 | end;
  }

  /** Withdraws the cuts from {@code first} on. */
  final void dropCuts(int first) {
    cutCount = first;
  }

  /** Sorts the cuts, after some were added to those of the attributes. */
  final void sortCuts() {
    Arrays.sort(cuts, 0, cutCount);
  }

  int cutCount() {
    return cutCount;
  }

  /** Returns the start (high half) and end (low half) of the range at {@code index}. */
  long cut(int index) {
    return cuts[index];
  }

  long cutSize() {
    long size = 0;
    for (int i = 0; i < cutCount; i++) {
      size += (int) cuts[i] - Wire.high(cuts[i]);
    }
    return size;
  }

  long appendedSize() {
    return appendedSize;
  }

  /** Writes the attributes to append. */
  void appendTo(Additions target) {
    if (longTexts == 0 && appendedSize == out.size()) {
      // No edit was a removal, no key was set twice, and no text is long.
      target.append(out.array(), 0, out.size());
      return;
    }
    for (int i = 0; i < count; i++) {
      int start = records[i * STRIDE + FIELD_START];
      if (start >= 0) {
        target.append(out.array(), start, records[i * STRIDE + FIELD_END] - start);
        if (texts[i].length > 0) {
          target.text(texts[i]);
        }
      }
    }
  }

  /** Writes the attributes to append, with a copy of each text. */
  final void copyTo(ProtobufWriter target) {
    for (int i = 0; i < count; i++) {
      int start = records[i * STRIDE + FIELD_START];
      if (start >= 0) {
        target.append(out.array(), start, records[i * STRIDE + FIELD_END] - start);
        target.append(texts[i], 0, texts[i].length);
      }
    }
  }

  /** Releases memory beyond {@code capacity}, which a large item may have needed. */
  void shrink(int capacity) {
    out.shrink(capacity);
    if (list.capacity() > capacity) {
      list = new AnyValueWriter();
    }
    if (records.length * Integer.BYTES > capacity) {
      reset();
      keys = new String[FEW];
      texts = new byte[FEW][];
      records = new int[FEW * STRIDE];
    }
    if (cuts.length * Long.BYTES > capacity) {
      cuts = new long[16];
    }
  }
}
