package dev.tallyspan.collector.wire;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A list of keys and values within the bytes of a request, in their original order. A key may occur
 * more than once; the first occurrence counts, as in the OpenTelemetry Collector.
 */
public final class WireAttributes extends WireValues {

  /*
   * A span is asked for a hundred keys, most of which it does not have. So keys are found in a table
   * that is made when the first one is asked for: for each hash, the first attribute whose key has it,
   * and for each attribute the next one; both as one more than the index, 0 = none.
   */
  private static final int FEW = 8;
  private static final int MIN_HEADS = 64;
  private static final int MAX_HEADS = 1 << 12;
  private static final int[] NONE = {};

  private int[] heads = NONE;
  private int[] next = NONE;

  /** How many attributes are in the table. */
  private int hashed;

  /** Whether all keys are ASCII; known for the attributes in the table. */
  private boolean asciiKeys;

  /** The keys that have been decoded; null for the others. */
  private @Nullable String[] keys = new String[16];

  WireAttributes(@Nullable ValueBudget budget) {
    super(budget);
  }

  public String key(int index) {
    int start = entry(index, KEY_START);
    if (index >= keys.length) {
      keys = Arrays.copyOf(keys, Math.max(size, 2 * keys.length));
    }
    String key = keys[index];
    if (key == null) {
      key = KnownKeys.text(bytes, start, entry(index, KEY_END));
      keys[index] = key;
    }
    return key;
  }

  /** Whether the key at {@code index} is valid UTF-8. */
  public boolean isUtf8Key(int index) {
    return Utf8.isValid(bytes, entry(index, KEY_START), entry(index, KEY_END));
  }

  /** Whether the key at {@code index} is {@code key}. Allocates nothing if {@code key} is ASCII. */
  public boolean keyEquals(int index, String key) {
    int start = entry(index, KEY_START);
    int more = entry(index, KEY_END) - start - key.length();
    if (more == 0) {
      // As many bytes as chars: equal only if all are ASCII.
      return asciiAt(start, key);
    }
    return more > 0 && !isAscii(key) && key.equals(key(index));
  }

  /** Whether the key at {@code index} starts with {@code prefix}, which must be ASCII. */
  public boolean keyStartsWith(int index, String prefix) {
    int start = entry(index, KEY_START);
    return entry(index, KEY_END) - start >= prefix.length() && asciiAt(start, prefix);
  }

  /** Returns the index of the first attribute with this key, or -1 if there is none. */
  public int indexOf(String key) {
    int length = key.length();
    if (size < FEW || length == 0) {
      return search(key);
    }
    if (hashed != size) {
      hash();
    }
    int hash = hash(length, key.charAt(length - 1), key.charAt(length >> 1));
    for (int i = heads[hash & heads.length - 1]; i > 0; i = next[i - 1]) {
      int at = (i - 1) * STRIDE;
      int start = entries[at + KEY_START];
      if (entries[at + KEY_END] - start == length && asciiAt(start, key)) {
        return i - 1;
      }
    }
    return asciiKeys || isAscii(key) ? -1 : search(key);
  }

  /** Does the same, one key after another. */
  private int search(String key) {
    int length = key.length();
    for (int i = 0, at = 0; i < size; i++, at += STRIDE) {
      int start = entries[at + KEY_START];
      if (entries[at + KEY_END] - start == length && asciiAt(start, key)) {
        return i;
      }
    }
    if (!isAscii(key)) {
      for (int i = 0; i < size; i++) {
        if (key.equals(key(i))) {
          return i;
        }
      }
    }
    return -1;
  }

  private void hash() {
    int wanted = Math.max(MIN_HEADS, Math.min(MAX_HEADS, Integer.highestOneBit(size) << 1));
    if (heads.length < wanted) {
      heads = new int[wanted];
    } else {
      Arrays.fill(heads, 0);
    }
    if (next.length < size) {
      next = new int[Math.max(size, 2 * next.length)];
    }
    int bytesOfKeys = 0;
    // From the last to the first, which is then found first.
    for (int i = size - 1; i >= 0; i--) {
      int start = entries[i * STRIDE + KEY_START];
      int length = entries[i * STRIDE + KEY_END] - start;
      if (length == 0) {
        continue;
      }
      for (int k = start; k < start + length; k++) {
        bytesOfKeys |= bytes[k];
      }
      int hash = hash(length, bytes[start + length - 1], bytes[start + (length >> 1)]);
      int head = hash & heads.length - 1;
      next[i] = heads[head];
      heads[head] = i + 1;
    }
    asciiKeys = bytesOfKeys >= 0;
    hashed = size;
  }

  /** Keys that are asked for differ in their length, their end, or the middle. */
  private static int hash(int length, int last, int middle) {
    int hash = (length * 31 + last) * 31 + middle;
    return hash ^ hash >>> 6;
  }

  private boolean asciiAt(int start, String text) {
    for (int i = text.length() - 1; i >= 0; i--) {
      if (bytes[start + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  @Override
  void reset(byte[] bytes) {
    hashed = 0;
    Arrays.fill(keys, 0, Math.min(size, keys.length), null);
    super.reset(bytes);
  }

  /**
   * Checks and adds the {@code KeyValue} from {@code start} to {@code end}.
   *
   * @param at where its field starts
   * @param depth the nesting depth of the message that holds it
   * @return whether a value in it came in parts
   */
  boolean add(byte[] b, int at, int start, int end, int depth) throws WireFault {
    Wire.checkDepth(depth, at);
    return !addUsual(b, at, start, end)
        && readKeyValue(b, start, end, depth + 1, newEntry(at, start, end));
  }
}
