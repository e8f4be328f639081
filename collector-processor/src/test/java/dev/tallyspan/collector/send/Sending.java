package dev.tallyspan.collector.send;

import dev.tallyspan.collector.otlp.OtlpRequest;
import dev.tallyspan.collector.otlp.Outcome;
import dev.tallyspan.collector.otlp.SenderAck;
import dev.tallyspan.collector.otlp.Signal;
import dev.tallyspan.collector.wire.Slices;
import java.util.concurrent.CompletableFuture;

/** Senders that wait for an answer. */
final class Sending {

  private Sending() {}

  /** The answer to come; a sender that cancels it has gone. */
  static CompletableFuture<Outcome> send(
      Destination destination, Signal signal, Slices request, int items) {
    CompletableFuture<Outcome> answer = new CompletableFuture<>();
    SenderAck ack = new SenderAck(answer::complete);
    answer.whenComplete(
        (outcome, failure) -> {
          if (answer.isCancelled()) {
            ack.withdraw();
          }
        });
    destination.send(new OtlpRequest(signal, request, items, ack));
    return answer;
  }
}
