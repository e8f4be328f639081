package dev.tallyspan.collector.wire;

/**
 * Limits the number of keys and values of one span. Each needs only two bytes on the wire but more
 * in memory, so without a limit, a small request could use a lot of memory.
 */
final class ValueBudget {

  /** Far more than instrumentation writes; the default limit of SDKs is 128 attributes. */
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
