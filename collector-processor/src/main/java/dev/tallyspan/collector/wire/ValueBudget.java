package dev.tallyspan.collector.wire;

/**
 * How many keys and values one span may still bring to be looked at. One takes two bytes on the
 * wire but more to remember, so that without a limit a small request would take a large memory.
 */
final class ValueBudget {

  /** Far above what instrumentation writes; the SDKs' default is 128 attributes. */
  static final int KEYS_AND_VALUES = 1 << 18;

  private int left;

  void reset() {
    left = KEYS_AND_VALUES;
  }

  void take() {
    if (--left < 0) {
      throw new TooManyValuesException(
          "more than " + KEYS_AND_VALUES + " keys and values in one span");
    }
  }
}
