package dev.tallyspan.collector.window;

import java.util.HexFormat;

/** A trace id, as two halves. */
record TraceId(long high, long low) {

  /** Whether it is not the id of no trace, which is all zeros. */
  boolean isValid() {
    return (high | low) != 0;
  }

  /** Trace ids are random, so a half is as good as a hash. */
  @Override
  public int hashCode() {
    return Long.hashCode(low);
  }

  /** 32 lowercase hex digits. */
  @Override
  public String toString() {
    return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
  }
}
