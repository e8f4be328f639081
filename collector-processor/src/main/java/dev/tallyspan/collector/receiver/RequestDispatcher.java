package dev.tallyspan.collector.receiver;

import dev.tallyspan.collector.flow.Intake;
import dev.tallyspan.collector.flow.InternalFault;
import dev.tallyspan.collector.flow.Items;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.SenderAck;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import dev.tallyspan.collector.wire.ItemCounter;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.Slices;
import java.util.function.Consumer;

/** What both transports do with a request once its bytes are there. */
final class RequestDispatcher {

  private final Intake intake;
  private final ReceiverMetrics metrics;

  RequestDispatcher(Intake intake, ReceiverMetrics metrics) {
    this.intake = intake;
    this.metrics = metrics;
  }

  ReceiverMetrics metrics() {
    return metrics;
  }

  /**
   * Opens the acknowledgement of a request whose bytes are there. It releases the reservation when
   * the intake has dealt with the request, even if the sender has gone in the meantime, since only
   * then is the memory free.
   */
  Acknowledgement open(
      Signal signal, ByteBudget.Reservation reservation, Consumer<Outcome> answer) {
    return new Acknowledgement(signal, reservation, answer);
  }

  /** Hands the request on. To be called on a worker thread, since the intake computes. */
  void handle(byte[] request, Acknowledgement acknowledgement) {
    if (request.length == 0) {
      acknowledgement.ack.settle(Outcome.ACCEPTED);
      return;
    }
    int items;
    try {
      items = Items.count(acknowledgement.signal, request);
      if (items == 0) {
        ItemCounter.checkKnown(request);
      }
    } catch (MalformedRequestException e) {
      acknowledgement.ack.settle(Outcome.refused(StatusCode.INVALID_ARGUMENT, e.getMessage()));
      return;
    }
    acknowledgement.items = items;
    try {
      intake.accept(
          new OtlpRequest(acknowledgement.signal, Slices.of(request), items, acknowledgement.ack));
    } catch (RuntimeException | Error e) {
      acknowledgement.ack.settle(InternalFault.log("the intake", e));
    }
  }

  /** One request's answer to come. */
  final class Acknowledgement {

    private final Signal signal;
    private final ByteBudget.Reservation reservation;
    private final Consumer<Outcome> answer;
    private final SenderAck ack = new SenderAck(this::answered);

    // Written before the request is handed on, and so before it can be settled elsewhere.
    private volatile int items;

    private Acknowledgement(
        Signal signal, ByteBudget.Reservation reservation, Consumer<Outcome> answer) {
      this.signal = signal;
      this.reservation = reservation;
      this.answer = answer;
    }

    /** To be called when the sender has gone, on any thread, however often. */
    void withdraw() {
      ack.withdraw();
    }

    private void answered(Outcome outcome) {
      reservation.release();
      metrics.answered(signal, items, outcome);
      answer.accept(outcome);
    }
  }
}
