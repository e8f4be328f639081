package dev.tallyspan.collector.receive;

import dev.tallyspan.collector.otlp.Items;
import dev.tallyspan.collector.otlp.Outcome;
import dev.tallyspan.collector.otlp.Signal;
import dev.tallyspan.collector.otlp.StatusCode;
import dev.tallyspan.collector.wire.ItemCounter;
import dev.tallyspan.collector.wire.MalformedRequestException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** What both transports do with a request once its bytes are there. */
final class Reception {

  private static final Logger LOGGER = System.getLogger(Reception.class.getName());

  private final Intake intake;
  private final ReceiverMetrics metrics;

  Reception(Intake intake, ReceiverMetrics metrics) {
    this.intake = intake;
    this.metrics = metrics;
  }

  ReceiverMetrics metrics() {
    return metrics;
  }

  /**
   * Hands the request on. The reservation is released when the intake has done with the request,
   * even if the sender has gone in the meantime, since only then is the memory free.
   */
  void handle(
      Signal signal, byte[] request, ByteBudget.Reservation reservation, Consumer<Outcome> answer) {
    if (request.length == 0) {
      reservation.release();
      metrics.answered(signal, 0, Outcome.ACCEPTED);
      answer.accept(Outcome.ACCEPTED);
      return;
    }
    long items = count(signal, request);
    String foreign = items == 0 ? whyForeign(request) : null;
    if (foreign != null) {
      reservation.release();
      Outcome refused = Outcome.refused(StatusCode.INVALID_ARGUMENT, foreign);
      metrics.answered(signal, 0, refused);
      answer.accept(refused);
      return;
    }
    accept(signal, request)
        .whenComplete(
            (outcome, failure) -> {
              reservation.release();
              Outcome end = outcome == null ? failed(failure) : outcome;
              metrics.answered(signal, items, end);
              answer.accept(end);
            });
  }

  /** Zero for bytes that are no request: nobody can tell what they were to be. */
  private static long count(Signal signal, byte[] request) {
    try {
      return Items.count(signal, request);
    } catch (MalformedRequestException e) {
      return 0;
    }
  }

  /** Why nothing of the request would be handed on; null if that is not so. */
  private static String whyForeign(byte[] request) {
    try {
      ItemCounter.checkKnown(request);
      return null;
    } catch (MalformedRequestException e) {
      return e.getMessage();
    }
  }

  private CompletionStage<Outcome> accept(Signal signal, byte[] request) {
    try {
      CompletionStage<Outcome> stage = intake.accept(signal, request);
      return stage == null ? CompletableFuture.completedStage(null) : stage;
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedStage(e);
    }
  }

  /** Logs where it failed but not the exception's message, which might quote telemetry. */
  private static Outcome failed(Throwable failure) {
    StackTraceElement[] trace =
        failure == null ? new StackTraceElement[0] : failure.getStackTrace();
    LOGGER.log(
        Level.ERROR,
        "the intake failed with {0} at {1}",
        failure == null ? "no outcome" : failure.getClass().getName(),
        trace.length == 0 ? "an unknown place" : trace[0]);
    Refusal internal = Refusal.internal();
    return new Outcome.Refused(internal.code(), internal.message(), null);
  }
}
