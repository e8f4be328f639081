package dev.tallyspan.collector.wire;

/** What is wrong with the bytes, and at which index of their array. */
final class WireFault extends Exception {

  private static final long serialVersionUID = 1;

  private final String what;
  private final int index;

  /**
   * @param what what stands at {@code index}: {@code span}
   * @param detail what is wrong with it
   */
  WireFault(String what, int index, String detail) {
    super(detail, null, /* enableSuppression= */ false, /* writableStackTrace= */ false);
    this.what = what;
    this.index = index;
  }

  /** The same for the outside, which counts from the start of the request. */
  MalformedRequestException relativeTo(int offset) {
    return new MalformedRequestException(
        what + " at offset " + (index - offset) + ": " + getMessage());
  }
}
