package dev.tallyspan.collector.wire;

/** Thrown within this package when bytes are malformed, with the index in their array. */
final class WireFault extends Exception {

  private static final long serialVersionUID = 1;

  private final String what;
  private final int index;

  /**
   * @param what what is at {@code index}: {@code span}
   * @param detail what is wrong with it
   */
  WireFault(String what, int index, String detail) {
    super(detail, null, /* enableSuppression= */ false, /* writableStackTrace= */ false);
    this.what = what;
    this.index = index;
  }

  /**
   * Returns the exception for callers of the package, with the offset from the start of the
   * request.
   */
  MalformedRequestException relativeTo(int offset) {
    return new MalformedRequestException(
        what + " at offset " + (index - offset) + ": " + getMessage());
  }
}
