package dev.tallyspan.collector.receive;

import dev.tallyspan.collector.otlp.Signal;

/**
 * Counts the spans, log records or metric points of a request. Only tags and lengths are looked at,
 * down to the list that holds the items; of bytes that are not protobuf, what stands before the
 * fault is counted.
 */
final class ItemCounter {

  /** For every level from the request down, the numbers of the fields that lead on, as bits. */
  private static final int[] SPANS = {1 << 1, 1 << 2, 1 << 2};

  private static final int[] POINTS = {
    1 << 1, 1 << 2, 1 << 2, 1 << 5 | 1 << 7 | 1 << 9 | 1 << 10 | 1 << 11, 1 << 1
  };

  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH = 2;
  private static final int FIXED32 = 5;

  private final byte[] bytes;
  private final int[] path;
  private int at;
  private long count;

  private ItemCounter(byte[] bytes, int[] path) {
    this.bytes = bytes;
    this.path = path;
  }

  static long count(Signal signal, byte[] request) {
    ItemCounter counter = new ItemCounter(request, signal == Signal.METRICS ? POINTS : SPANS);
    counter.walk(request.length, 0);
    return counter.count;
  }

  /** Returns false at a fault. Groups are one too: no version of OTLP has any. */
  private boolean walk(int end, int level) {
    while (at < end) {
      long tag = varint(end);
      long skipped;
      switch ((int) tag & 7) {
        case VARINT -> {
          varint(end);
          skipped = 0;
        }
        case FIXED64 -> skipped = 8;
        case FIXED32 -> skipped = 4;
        case LENGTH -> skipped = varint(end);
        default -> skipped = -1;
      }
      if (skipped < 0 || skipped > end - at) {
        return false;
      }
      int next = at + (int) skipped;
      if (leads(tag, level)) {
        if (level == path.length - 1) {
          count++;
        } else if (!walk(next, level + 1)) {
          return false;
        }
      }
      at = next;
    }
    return true;
  }

  private boolean leads(long tag, int level) {
    long number = tag >>> 3;
    return (tag & 7) == LENGTH && number < 32 && (path[level] & 1 << number) != 0;
  }

  /** Moves beyond the end if the number does, which the caller then sees. */
  private long varint(int end) {
    long value = 0;
    for (int shift = 0; shift < 64 && at < end; shift += 7) {
      byte b = bytes[at++];
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
    return -1;
  }
}
