package dev.tallyspan.collector.exporter;

import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.StatusCode;
import java.util.List;

/**
 * Works out from the outcomes of batches how their requests end. Guarded by the queue's lock; the
 * returned actions settle the requests, and have to run without it.
 */
final class Settlements {
  private static final Runnable NOTHING = () -> {};

  private final Refusals refusals;
  private final Batches batches;
  private final Occupancy occupancy;
  private final Deliveries deliveries;

  Settlements(Refusals refusals, Batches batches, Occupancy occupancy, Deliveries deliveries) {
    this.refusals = refusals;
    this.batches = batches;
    this.occupancy = occupancy;
    this.deliveries = deliveries;
  }

  /** See {@link Deliveries#keep}. */
  void keep() {
    deliveries.keep();
  }

  /**
   * Counts the outcome of a batch that has left the four places. A request of which there are more
   * parts goes on with the next.
   */
  Runnable finish(ExportBatch batch, Outcome outcome, long now) {
    long items = batch.items;
    deliveries.record(batch.signal, items, outcome, now);
    List<PendingRequest> done = batch.takeAll();
    PartedRequest parts = done.get(0).parts;
    if (parts != null) {
      parts.record(outcome);
      return finishPart(batch, done.get(0), parts, outcome, now);
    }
    done.forEach(occupancy::remove);
    Outcome each =
        outcome instanceof Outcome.Partial partial
            ? partial(Math.min(partial.rejected(), items), items, done.size())
            : outcome;
    return () -> done.forEach(waiting -> waiting.ack.settle(each));
  }

  /**
   * Finishes a batch that has left the four places and is not sent, because it cannot be divided
   * and is larger than what the backend accepts.
   */
  Runnable finishTooLarge(ExportBatch batch, long maxBytes, long now) {
    Outcome.Refused refused =
        refusals.of(
            StatusCode.RESOURCE_EXHAUSTED,
            batch.bytes
                + " bytes that cannot be split are more than the limit of "
                + maxBytes
                + " bytes");
    PartedRequest parts = batch.requests.get(0).parts;
    if (parts == null) {
      return finish(batch, refused, now);
    }
    deliveries.record(batch.signal, batch.items, refused, now);
    parts.refuse(refused);
    return finishPart(batch, batch.takeAll().get(0), parts, refused, now);
  }

  private Runnable finishPart(
      ExportBatch batch, PendingRequest waiting, PartedRequest parts, Outcome last, long now) {
    boolean temporary = last instanceof Outcome.Refused refused && refusals.mayRetry(refused);
    boolean withdrawn = parts.hasMore() && waiting.ack.isWithdrawn();
    if (last instanceof Outcome.Refused refused && (temporary || parts.isHopeless())) {
      long unsent = parts.refuseLater(refused);
      if (unsent > 0) {
        deliveries.record(batch.signal, unsent, refused, now);
      }
    } else if (!withdrawn && parts.next()) {
      waiting.usePart(parts);
      batches.addFirst(batch.signal, List.of(waiting));
      return NOTHING;
    }
    occupancy.remove(waiting);
    Outcome outcome = withdrawn ? gone() : temporary ? last : outcome(parts);
    return () -> waiting.ack.settle(outcome);
  }

  private Outcome outcome(PartedRequest parts) {
    return parts.outcome(refusals.message(rejected(parts.rejectedItems(), parts.allItems())));
  }

  /**
   * For a batch of several requests, returns a warning, because it is not known which of them the
   * rejected items belong to.
   */
  private Outcome partial(long rejected, long items, int requests) {
    if (rejected == 0) {
      return Outcome.ACCEPTED;
    }
    String counts = rejected(rejected, items);
    return requests == 1
        ? new Outcome.Partial(rejected, refusals.message(counts))
        : new Outcome.Partial(
            0, refusals.message(counts + " of a batch of " + requests + " requests with this one"));
  }

  private static String rejected(long rejected, long items) {
    return "the backend rejected " + rejected + " of " + items + " items";
  }

  /** Removes a request whose sender has gone from its batch. */
  Runnable withdraw(ExportBatch batch, PendingRequest waiting) {
    batch.remove(waiting);
    occupancy.remove(waiting);
    return () -> waiting.ack.settle(gone());
  }

  private Outcome gone() {
    return refusals.of(StatusCode.CANCELLED, "the sender did not wait for the answer");
  }
}
