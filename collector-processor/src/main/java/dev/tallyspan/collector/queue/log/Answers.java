package dev.tallyspan.collector.queue.log;

import dev.tallyspan.collector.flow.InternalFault;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.StatusCode;
import java.time.Duration;
import java.util.List;

/** Answers appends. What their owners throw is logged, and harms no other append. */
final class Answers {

  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  static final Outcome.Refused FULL =
      new Outcome.Refused(StatusCode.UNAVAILABLE, "the queue on disk is full", RETRY_AFTER);
  static final Outcome.Refused DISK_FAILED =
      new Outcome.Refused(
          StatusCode.UNAVAILABLE, "the queue cannot be written to disk", RETRY_AFTER);
  static final Outcome.Refused TOO_LARGE =
      new Outcome.Refused(
          StatusCode.RESOURCE_EXHAUSTED, "the request is larger than the queue on disk", null);
  static final Outcome.Refused FAULT =
      new Outcome.Refused(StatusCode.INTERNAL, "internal error", null);

  private Answers() {}

  static void stored(PendingAppend append, long sequence) {
    try {
      append.result().stored(sequence);
    } catch (RuntimeException | Error e) {
      InternalFault.log("the owner of a stored request", e);
    }
  }

  static void refuse(List<PendingAppend> appends, Outcome.Refused why) {
    for (PendingAppend append : appends) {
      try {
        append.result().refused(why);
      } catch (RuntimeException | Error e) {
        InternalFault.log("the owner of a refused request", e);
      }
    }
  }
}
