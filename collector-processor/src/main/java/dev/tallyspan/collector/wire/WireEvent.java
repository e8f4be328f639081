package dev.tallyspan.collector.wire;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A span event within the bytes of a request. */
public final class WireEvent {

  private final WireAttributes attributes;
  private byte[] bytes = Wire.NO_BYTES;
  private long epochNanos;
  private int nameStart;
  private int nameEnd;

  WireEvent(@Nullable ValueBudget budget) {
    attributes = new WireAttributes(budget);
  }

  /** The event's name; empty if it has none. */
  public String name() {
    return new String(bytes, nameStart, nameEnd - nameStart, StandardCharsets.UTF_8);
  }

  /** Nanoseconds since the epoch; 0 if unknown. */
  public long epochNanos() {
    return epochNanos;
  }

  public WireAttributes attributes() {
    return attributes;
  }

  /**
   * Checks an event, and makes this object represent it.
   *
   * @return whether a value in it came in parts
   */
  boolean read(byte[] b, int start, int end, int depth) throws WireFault {
    bytes = b;
    epochNanos = 0;
    nameStart = start;
    nameEnd = start;
    attributes.reset(b);
    boolean split = false;
    int pos = start;
    while (pos < end) {
      int at = pos;
      long read = Wire.varint(b, pos, end, "tag", at);
      pos = Wire.high(read);
      int tag = (int) read;
      switch (tag) {
        case OtlpFields.EVENT_TIME -> {
          pos = Wire.skip(b, pos, end, tag, at, depth);
          epochNanos = Wire.fixed64(b, pos - 8);
        }
        case OtlpFields.EVENT_NAME -> {
          long content = Wire.content(b, pos, end, "event name", at);
          nameStart = Wire.high(content);
          nameEnd = (int) content;
          pos = nameEnd;
        }
        case OtlpFields.EVENT_ATTRIBUTES -> {
          long content = Wire.content(b, pos, end, "event attribute", at);
          pos = (int) content;
          split |= attributes.add(b, at, Wire.high(content), pos, depth);
        }
        default -> pos = Wire.skip(b, pos, end, tag, at, depth);
      }
    }
    return split;
  }
}
