package dev.tallyspan.collector.wire;

/**
 * Tells from a span's attribute keys, and from its events' names, whether somebody wants to see it.
 * This is all that most spans ever get, so nothing is allocated and nothing but the keys is read.
 */
final class SpanScan {

  private SpanScan() {}

  /**
   * Whether the span from {@code start} to {@code end} has a key of {@code keys} or an event of
   * {@code events}. Checks its fields up to the first one found, all of them if none is.
   */
  static boolean matches(byte[] b, int start, int end, KeyPrefixes keys, KeyPrefixes events)
      throws WireFault {
    boolean wantEvents = !events.isEmpty();
    int pos = start;
    while (pos < end) {
      int at = pos;
      int tag = b[pos++];
      if (tag < 0) {
        if (pos < end && b[pos] >= 0) {
          tag = tag & 0x7F | b[pos++] << 7;
        } else {
          long read = Wire.varint(b, at, end, "tag", at);
          pos = Wire.high(read);
          tag = (int) read;
        }
      }
      if (tag == OtlpFields.SPAN_ATTRIBUTES) {
        long content = Wire.content(b, pos, end, "attribute", at);
        pos = (int) content;
        if (keyMatches(b, Wire.high(content), pos, keys)) {
          return true;
        }
      } else if (wantEvents && tag == OtlpFields.SPAN_EVENTS) {
        long content = Wire.content(b, pos, end, "event", at);
        pos = (int) content;
        if (nameMatches(b, Wire.high(content), pos, events)) {
          return true;
        }
      } else {
        pos = Wire.skip(b, pos, end, tag, at, OtlpFields.ITEM_DEPTH);
      }
    }
    return false;
  }

  /**
   * Where the key of a {@code KeyValue} starts (high half) and ends, if it is encoded as nearly all
   * are: a key of less than 128 bytes, then a value, then nothing. Negative if it is not.
   */
  static long usualKey(byte[] b, int start, int end) {
    if (end - start < 4 || b[start] != OtlpFields.KEY || b[start + 1] < 0) {
      return -1;
    }
    int keyStart = start + 2;
    int keyEnd = keyStart + b[start + 1];
    if (keyEnd > end - 2 || b[keyEnd] != OtlpFields.VALUE) {
      return -1;
    }
    int length = b[keyEnd + 1];
    int valueStart = keyEnd + 2;
    if (length < 0) {
      if (valueStart == end || b[valueStart] <= 0) {
        return -1;
      }
      length = length & 0x7F | b[valueStart] << 7;
      valueStart++;
    }
    return length == end - valueStart ? (long) keyStart << 32 | keyEnd : -1;
  }

  /** Whether a {@code KeyValue} has such a key; of several keys the last counts. */
  static boolean keyMatches(byte[] b, int start, int end, KeyPrefixes keys) throws WireFault {
    long key = usualKey(b, start, end);
    return key >= 0
        ? keys.match(b, Wire.high(key), (int) key)
        : unusualKeyMatches(b, start, end, keys);
  }

  private static boolean unusualKeyMatches(byte[] b, int start, int end, KeyPrefixes keys)
      throws WireFault {
    int keyStart = start;
    int keyEnd = start;
    int pos = start;
    while (pos < end) {
      int at = pos;
      int tag = b[pos++];
      if (tag == OtlpFields.KEY) {
        long content = Wire.content(b, pos, end, "key", at);
        keyStart = Wire.high(content);
        keyEnd = (int) content;
        pos = keyEnd;
      } else if (tag == OtlpFields.VALUE) {
        pos = (int) Wire.content(b, pos, end, "value", at);
      } else {
        long read = Wire.varint(b, at, end, "tag", at);
        tag = (int) read;
        if (tag == OtlpFields.KEY) {
          long content = Wire.content(b, Wire.high(read), end, "key", at);
          keyStart = Wire.high(content);
          keyEnd = (int) content;
          pos = keyEnd;
        } else {
          pos = Wire.skip(b, Wire.high(read), end, tag, at, OtlpFields.ITEM_DEPTH + 1);
        }
      }
    }
    return keys.match(b, keyStart, keyEnd);
  }

  private static boolean nameMatches(byte[] b, int start, int end, KeyPrefixes names)
      throws WireFault {
    int nameStart = start;
    int nameEnd = start;
    int pos = start;
    while (pos < end) {
      int at = pos;
      long read = Wire.varint(b, pos, end, "tag", at);
      pos = Wire.high(read);
      int tag = (int) read;
      if (tag == OtlpFields.EVENT_NAME) {
        long content = Wire.content(b, pos, end, "event name", at);
        nameStart = Wire.high(content);
        nameEnd = (int) content;
        pos = nameEnd;
      } else {
        pos = Wire.skip(b, pos, end, tag, at, OtlpFields.ITEM_DEPTH + 1);
      }
    }
    return names.match(b, nameStart, nameEnd);
  }
}
