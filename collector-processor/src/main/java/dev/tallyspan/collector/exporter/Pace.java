package dev.tallyspan.collector.exporter;

/**
 * How fast a backend may be asked, from how it answered. Guarded by the queue's lock.
 *
 * <p>While the backend fails, one request at a time is sent to it, with a growing pause after each
 * further failure, however many wait: they learn from each other's failures. A backend that says
 * when to come again is left alone until then. One success opens it for all.
 */
final class Pace {
  /** What had happened when an attempt was started; tells what happened since. */
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

  /** When the next attempt may be made; in the past if at once. */
  long opensAt() {
    return failing() && pausedUntil - throttledUntil > 0 ? pausedUntil : throttledUntil;
  }

  Mark mark() {
    return new Mark(failures, successes);
  }

  /**
   * @return whether the backend had failed before
   */
  boolean succeeded() {
    boolean recovered = failing();
    failuresInARow = 0;
    successes++;
    return recovered;
  }

  /**
   * @param started the mark when the failed attempt was started
   * @param hintNanos how long the backend asked to be left alone; 0 if it did not
   * @return whether this is the first failure after a success
   */
  boolean failed(Mark started, long now, long hintNanos) {
    boolean first = false;
    // Another request got through in the meantime: the fault may be this one's, not the backend's.
    boolean othersSucceed = started.successes != successes && hintNanos == 0;
    // What was under way together fails together, and counts once.
    boolean sameWave = failing() && started.failures != failures;
    if (!othersSucceed && !sameWave) {
      failures++;
      first = failuresInARow++ == 0;
      // After the first failure another request is tried at once: most failures are single.
      pausedUntil = failuresInARow > 1 ? now + backoff.nanos(failuresInARow - 1) : now;
    }
    if (hintNanos > 0 && now + hintNanos - throttledUntil > 0) {
      throttledUntil = now + hintNanos;
    }
    return first;
  }
}
