package dev.tallyspan.collector.exporter;

import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.SenderAck;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.wire.Slices;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Senders that wait for the outcome of their requests. */
final class Sending {

  /** Retries of real backends that do not slow tests down. */
  static final RetrySettings RETRY_SOON =
      new RetrySettings(
          true, Duration.ofMillis(1), 1.5, 0, Duration.ofMillis(20), Duration.ofSeconds(20));

  private Sending() {}

  /** Returns the pending outcome; a sender that cancels it has gone. */
  static CompletableFuture<Outcome> send(
      Exporter exporter, Signal signal, Slices request, int items) {
    CompletableFuture<Outcome> answer = new CompletableFuture<>();
    SenderAck ack = new SenderAck(answer::complete);
    answer.whenComplete(
        (outcome, failure) -> {
          if (answer.isCancelled()) {
            ack.withdraw();
          }
        });
    exporter.send(new OtlpRequest(signal, request, items, ack));
    return answer;
  }
}
