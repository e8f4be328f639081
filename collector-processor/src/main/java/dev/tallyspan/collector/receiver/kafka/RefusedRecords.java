package dev.tallyspan.collector.receiver.kafka;

import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.wire.Slices;

/** Keeps records that are not valid requests, or that were refused for good. Thread-safe. */
public interface RefusedRecords {

  /** Keeps nothing: such a record is lost, after the receiver has counted and logged it. */
  RefusedRecords NONE = (receiver, signal, items, value, refusal, kept) -> kept.done(true);

  /** Receives the result, once, on any thread. Must not block or throw. */
  @FunctionalInterface
  interface Kept {

    /**
     * @param kept false if the record could not be kept, but may be later
     */
    void done(boolean kept);
  }

  /**
   * Keeps a record. Does not block.
   *
   * @param receiver the id of the receiver
   * @param items the number of spans, log records or data points; 0 if the value is not a request
   * @param value as it was received
   * @param refusal why; its message names topic, partition and offset
   */
  void add(
      String receiver, Signal signal, int items, Slices value, Outcome.Refused refusal, Kept kept);
}
