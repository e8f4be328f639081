package dev.tallyspan.collector.window;

import java.util.HexFormat;

/** A trace id, as two halves. */
record TraceId(long high, long low) implements Comparable<TraceId> {

  /** Whether it is not the id of no trace, which is all zeros. */
  boolean isValid() {
    return (high | low) != 0;
  }

  /** Some generators leave one half the same, and senders choose what they like. */
  @Override
  public int hashCode() {
    return Long.hashCode((high ^ Long.rotateLeft(low, 32)) * 0x9E3779B97F4A7C15L);
  }

  /** Keeps maps fast whose keys were chosen to have the same hash. */
  @Override
  public int compareTo(TraceId other) {
    int byHigh = Long.compare(high, other.high);
    return byHigh != 0 ? byHigh : Long.compare(low, other.low);
  }

  /** 32 lowercase hex digits. */
  @Override
  public String toString() {
    return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
  }
}
