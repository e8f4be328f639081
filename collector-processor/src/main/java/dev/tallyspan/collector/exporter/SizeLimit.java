package dev.tallyspan.collector.exporter;

/**
 * The size, before compression, up to which a backend accepts requests: as configured, or as
 * learned from its refusals. It only ever shrinks. Guarded by the queue's lock.
 *
 * <p>A backend may say what its limit is, as gRPC servers do. An HTTP server only says that a
 * request was too large, perhaps after compression, so half of that request's size is a guess.
 * Requests are split by the guess as well, but a unit that cannot be split is refused without an
 * attempt only if it is larger than a limit that is certain.
 */
final class SizeLimit {

  /** The maximum request size that OTLP recommends, before compression. */
  static final long LARGEST_BYTES = 64L << 20;

  /** Below this, a backend that refuses a request as too large most likely refuses everything. */
  private static final long SMALLEST_GUESS_BYTES = 64 << 10;

  private long certain;
  private long guess = LARGEST_BYTES;

  /**
   * @param configured 0 = not known
   */
  SizeLimit(long configured) {
    certain = configured == 0 ? LARGEST_BYTES : Math.min(configured, LARGEST_BYTES);
  }

  /** The size up to which requests should be sent as they are. */
  long bytes() {
    return Math.min(certain, guess);
  }

  /** The size above which the backend is known not to accept a request. */
  long certainBytes() {
    return certain;
  }

  /**
   * Records that the backend refused a request as too large.
   *
   * @param refused the size of the request
   * @param named the limit according to the backend; 0 = it named none
   * @return whether {@link #bytes} is less than before
   */
  boolean learn(long refused, long named) {
    long before = bytes();
    if (named > 0 && named < refused) {
      certain = Math.min(certain, named);
    } else if (refused / 2 >= SMALLEST_GUESS_BYTES) {
      guess = Math.min(guess, refused / 2);
    }
    return bytes() < before;
  }
}
