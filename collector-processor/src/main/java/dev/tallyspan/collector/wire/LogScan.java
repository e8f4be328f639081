package dev.tallyspan.collector.wire;

/**
 * Selects log records by their attribute keys and event names.
 *
 * <p>Not thread-safe.
 */
final class LogScan implements ItemScan {

  /**
   * The attribute with the event's name, from before records had a field for it; most emitters
   * still use it.
   */
  private static final String EVENT_NAME = "event.name";

  private static final KeyPrefixes EVENT_NAME_KEY = KeyPrefixes.of(EVENT_NAME);

  private final KeyPrefixes keys;
  private final KeyPrefixes events;
  private final WireAttributes named = new WireAttributes(/* budget= */ null);

  LogScan(KeyPrefixes keys, KeyPrefixes events) {
    this.keys = keys;
    this.events = events;
  }

  /**
   * Whether the record from {@code start} to {@code end} is selected. Checks its fields up to the
   * first attribute that matches, or all of them if none does.
   */
  @Override
  public boolean matches(byte[] b, int start, int end) throws WireFault {
    int nameStart = start;
    int nameEnd = start;
    int pos = start;
    while (pos < end) {
      int at = pos;
      int tag = b[pos++];
      if (tag < 0) {
        long read = Wire.varint(b, at, end, "tag", at);
        pos = Wire.high(read);
        tag = (int) read;
      }
      if (tag == OtlpFields.LOG_ATTRIBUTES) {
        long content = Wire.content(b, pos, end, "attribute", at);
        pos = (int) content;
        int attribute = Wire.high(content);
        if (SpanScan.keyMatches(b, attribute, pos, keys) || namesEvent(b, at, attribute, pos)) {
          return true;
        }
      } else if (tag == OtlpFields.LOG_EVENT_NAME) {
        long content = Wire.content(b, pos, end, "event name", at);
        nameStart = Wire.high(content);
        nameEnd = (int) content;
        pos = nameEnd;
      } else {
        pos = Wire.skip(b, pos, end, tag, at, OtlpFields.ITEM_DEPTH);
      }
    }
    return nameEnd > nameStart && events.match(b, nameStart, nameEnd);
  }

  private boolean namesEvent(byte[] b, int at, int start, int end) throws WireFault {
    if (!SpanScan.keyMatches(b, start, end, EVENT_NAME_KEY)) {
      return false;
    }
    named.reset(b);
    named.add(b, at, start, end, OtlpFields.ITEM_DEPTH);
    return named.keyEquals(0, EVENT_NAME) && named.stringStartsWith(0, events);
  }
}
