package dev.tallyspan.collector.output.policy;

/**
 * How much content a backend accepts or shows, in UTF-8 bytes. What exceeds a limit is cut, so that
 * JSON stays valid and says how much is gone.
 *
 * @param attributeBytes the most bytes of an attribute with content; 0 = no limit
 * @param spanBytes the most bytes of all content of a span with its events; 0 = no limit
 * @param traceBytes the most bytes of all content of a trace; 0 = no limit
 */
public record SizeLimits(int attributeBytes, long spanBytes, long traceBytes) {

  /** The least limit: less has no room for the note of how much is gone. */
  public static final int LEAST = 64;

  /** No limits. */
  public static final SizeLimits NONE = new SizeLimits(0, 0, 0);

  /**
   * @throws IllegalArgumentException if a limit is negative, or that of attributes or spans is less
   *     than {@link #LEAST}
   */
  public SizeLimits {
    check("attributeBytes", attributeBytes, LEAST);
    check("spanBytes", spanBytes, LEAST);
    check("traceBytes", traceBytes, 1);
  }

  private static void check(String name, long bytes, int least) {
    if (bytes != 0 && bytes < least) {
      throw new IllegalArgumentException(
          name + "=" + bytes + " is less than " + least + "; 0 = no limit");
    }
  }

  /** Whether there is no limit. */
  public boolean isNone() {
    return attributeBytes == 0 && spanBytes == 0 && traceBytes == 0;
  }
}
