package dev.tallyspan.collector.exporter;

import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;

/** Counts and logs what was delivered and what was not. Guarded by the queue's lock. */
final class Deliveries {
  private final ExporterMetrics metrics;
  private final ExporterLog log;
  private boolean kept;

  Deliveries(ExporterMetrics metrics, ExporterLog log) {
    this.metrics = metrics;
    this.log = log;
  }

  /**
   * Says that from now on, callers keep what is refused, and deliver it later: it is no failure.
   */
  void keep() {
    kept = true;
  }

  /**
   * Records how an attempt ended, or that there is none.
   *
   * @param items the number of items of the batch, request or part
   */
  void record(Signal signal, long items, Outcome outcome, long now) {
    if (outcome instanceof Outcome.Refused refused) {
      if (kept) {
        return;
      }
      metrics.sendFailed(signal, items);
      log.rejected(signal, items, refused.code().name(), now);
    } else if (outcome instanceof Outcome.Partial partial) {
      long rejected = Math.min(partial.rejected(), items);
      metrics.sent(signal, items - rejected);
      if (rejected > 0) {
        metrics.sendFailed(signal, rejected);
        log.rejected(signal, rejected, "partial success", now);
      } else {
        log.warned(partial.message(), now);
      }
    } else {
      metrics.sent(signal, items);
    }
  }
}
