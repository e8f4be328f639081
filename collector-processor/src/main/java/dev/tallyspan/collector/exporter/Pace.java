package dev.tallyspan.collector.exporter;

/**
 * Decides how fast to send to a backend, based on its responses. Guarded by the queue's lock.
 *
 * <p>While the backend fails, only one request at a time is sent to it, with a longer pause after
 * each failure, however many requests wait: a failure of one delays all. If a backend specifies a
 * retry delay, nothing is sent until then. One success reopens it for all requests.
 */
final class Pace {
  /** The state when an attempt started; comparing it later shows what happened since. */
  record Mark(long failures, long successes) {}

  private final Backoff backoff;
  private int failuresInARow;
  private long failures;
  private long successes;
  private long pausedUntil;
  private long throttledUntil;

  Pace(Backoff backoff, long now) {
    this.backoff = backoff;
    pausedUntil = now;
    throttledUntil = now;
  }

  boolean failing() {
    return failuresInARow > 0;
  }

  /** The time at which the next attempt may start; in the past = immediately. */
  long opensAt() {
    return failing() && pausedUntil - throttledUntil > 0 ? pausedUntil : throttledUntil;
  }

  /**
   * Whether the backend is known not to accept requests: it failed at least twice in a row, or
   * asked for a pause that is not over. A single failure may be due to the request.
   */
  boolean isDown(long now) {
    return failuresInARow > 1 || opensAt() - now > 0;
  }

  Mark mark() {
    return new Mark(failures, successes);
  }

  /**
   * Records a response that is not a retryable failure.
   *
   * @return whether the backend failed before
   */
  boolean succeeded() {
    boolean recovered = failing();
    failuresInARow = 0;
    successes++;
    return recovered;
  }

  /**
   * Records a retryable failure.
   *
   * @param started the mark taken when the failed attempt started
   * @param hintNanos the retry delay that the backend specified; 0 = none
   * @return whether this is the first failure after a success
   */
  boolean failed(Mark started, long now, long hintNanos) {
    boolean first = false;
    // Another request succeeded in the meantime: the cause may be this request, not the backend.
    boolean othersSucceed = started.successes != successes && hintNanos == 0;
    // Attempts that were in flight together fail together, and count once.
    boolean sameWave = failing() && started.failures != failures;
    if (!othersSucceed && !sameWave) {
      failures++;
      first = failuresInARow++ == 0;
      // After the first failure, another request is tried immediately: most failures are isolated.
      pausedUntil = failuresInARow > 1 ? now + backoff.nanos(failuresInARow - 1) : now;
    }
    if (hintNanos > 0 && now + hintNanos - throttledUntil > 0) {
      throttledUntil = now + hintNanos;
    }
    return first;
  }
}
