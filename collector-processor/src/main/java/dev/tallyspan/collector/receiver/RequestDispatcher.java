package dev.tallyspan.collector.receiver;

import dev.tallyspan.collector.flow.Intake;
import dev.tallyspan.collector.flow.InternalFault;
import dev.tallyspan.collector.flow.Items;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Sender;
import dev.tallyspan.collector.flow.SenderAck;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import dev.tallyspan.collector.wire.ItemCounter;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.Slices;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Passes the requests of a transport to the intake, and their outcomes back. Thread-safe. */
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
   * Opens the acknowledgement of a request whose bytes have arrived. It releases the reservation
   * when the request is settled, even if the sender has gone in the meantime, because the memory is
   * in use until then. Does not block.
   *
   * @param sender who sent it; null if that is not known
   * @param answer called once, on the thread that settles the request; must not block
   */
  Acknowledgement open(
      Signal signal,
      ByteBudget.Reservation reservation,
      @Nullable Sender sender,
      Consumer<Outcome> answer) {
    return new Acknowledgement(signal, reservation, sender, answer);
  }

  /**
   * Passes the request to the intake. Call this on a worker thread, because the intake computes.
   */
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
          new OtlpRequest(
              acknowledgement.signal,
              Slices.of(request),
              items,
              acknowledgement.ack,
              acknowledgement.sender));
    } catch (RuntimeException | Error e) {
      acknowledgement.ack.settle(InternalFault.log("the intake", e));
    }
  }

  /** The pending response of one request. Thread-safe. */
  final class Acknowledgement {

    private final Signal signal;
    private final ByteBudget.Reservation reservation;
    private final @Nullable Sender sender;
    private final Consumer<Outcome> answer;
    private final SenderAck ack = new SenderAck(this::answered);

    // Written before the request is passed on, so before other threads can settle it.
    private volatile int items;

    private Acknowledgement(
        Signal signal,
        ByteBudget.Reservation reservation,
        @Nullable Sender sender,
        Consumer<Outcome> answer) {
      this.signal = signal;
      this.reservation = reservation;
      this.sender = sender;
      this.answer = answer;
    }

    /** Call this when the sender has gone: on any thread, any number of times. */
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
