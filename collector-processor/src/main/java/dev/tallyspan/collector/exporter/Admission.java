package dev.tallyspan.collector.exporter;

import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Decides which requests a queue accepts, and tells the senders of the others when to come again.
 * {@link SendingQueue} describes why. Guarded by the queue's lock.
 */
final class Admission {
  private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();

  /** No array is larger. */
  private static final long MAX_ARRAY_BYTES = Integer.MAX_VALUE - 8;

  private final Refusals refusals;
  private final Transport transport;
  private final Occupancy occupancy;
  private final Pace pace;
  private final ExporterLog log;
  private final long maxElapsedNanos;

  /**
   * @param maxElapsedNanos the time that a request may take; 0 = no limit
   */
  Admission(
      Refusals refusals,
      Transport transport,
      Occupancy occupancy,
      Pace pace,
      ExporterLog log,
      long maxElapsedNanos) {
    this.refusals = refusals;
    this.transport = transport;
    this.occupancy = occupancy;
    this.pace = pace;
    this.log = log;
    this.maxElapsedNanos = maxElapsedNanos;
  }

  /** Returns why the queue does not accept a request, or null if it does. */
  @Nullable Outcome refusal(Signal signal, PendingRequest waiting, boolean closing) {
    if (closing) {
      return refusals.of(StatusCode.UNAVAILABLE, "is closing");
    }
    if (!transport.serves(signal)) {
      log.rejected(signal, waiting.items, "no endpoint", waiting.arrivedAt);
      return refusals.of(StatusCode.UNIMPLEMENTED, "has no endpoint for " + signal.id());
    }
    if (waiting.size > MAX_ARRAY_BYTES) {
      return refusals.of(
          StatusCode.RESOURCE_EXHAUSTED,
          "a request of " + waiting.size + " bytes is larger than 2 GiB");
    }
    if (refusals.patient()) {
      return null;
    }
    if (!occupancy.fits(waiting)) {
      return unavailable("the queue is full", waiting.arrivedAt);
    }
    if (maxElapsedNanos > 0 && pace.opensAt() - waiting.arrivedAt > maxElapsedNanos) {
      return unavailable("the backend asked for a longer pause", waiting.arrivedAt);
    }
    boolean mayProbe = occupancy.isEmpty() && pace.opensAt() - waiting.arrivedAt <= 0;
    return pace.isDown(waiting.arrivedAt) && !mayProbe ? down(waiting.arrivedAt) : null;
  }

  /** The refusal of a request while the backend is known to be down. */
  Outcome.Refused down(long now) {
    return unavailable("the backend does not accept at the moment", now);
  }

  /** Returns a refusal with the time until the next attempt, in whole seconds. */
  Outcome.Refused unavailable(String why, long now) {
    long wait = Math.max(pace.opensAt() - now, SECOND_NANOS);
    return new Outcome.Refused(
        StatusCode.UNAVAILABLE,
        refusals.message(why),
        Duration.ofSeconds((wait + SECOND_NANOS - 1) / SECOND_NANOS));
  }
}
