package dev.tallyspan.collector.wire;

/**
 * Selects spans by their attribute keys and event names. Most spans are never looked at further, so
 * this allocates nothing and reads only the keys.
 */
final class SpanScan {

  private SpanScan() {}

  /**
   * Whether the span from {@code start} to {@code end} has a key that matches {@code keys} or an
   * event that matches {@code events}. Checks its fields up to the first match, or all of them if
   * there is none.
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
   * Returns where the key of a {@code KeyValue} starts (high half) and ends (low half), if it has
   * the usual encoding: a key of less than 128 bytes, then a value, then nothing. Otherwise returns
   * a negative number.
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

  /**
   * Whether the key of a {@code KeyValue} matches. If there are several keys, the last one counts.
   */
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
