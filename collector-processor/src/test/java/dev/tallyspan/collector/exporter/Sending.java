package dev.tallyspan.collector.exporter;

import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.SenderAck;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.wire.Slices;
import java.util.concurrent.CompletableFuture;

/** Senders that wait for an answer. */
final class Sending {

  private Sending() {}

  /** The answer to come; a sender that cancels it has gone. */
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
