package dev.tallyspan.collector.pipeline;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.otlp.Outcome;
import dev.tallyspan.collector.otlp.Signal;
import dev.tallyspan.collector.otlp.StatusCode;
import dev.tallyspan.collector.receive.Intake;
import dev.tallyspan.collector.send.Destination;
import dev.tallyspan.collector.wire.MalformedRequestException;
import java.util.concurrent.CompletableFuture;

/**
 * Takes requests from receivers, has them processed, and hands them to a destination. A sender is
 * told that its request was accepted when the destination has accepted it, not before.
 */
public final class Pipeline implements Intake {

  private final Step step;
  private final Destination destination;

  /**
   * @param step what is done with each request, {@link Step#PASS} for nothing
   */
  public Pipeline(Step step, Destination destination) {
    this.step = requireNonNull(step, "step");
    this.destination = requireNonNull(destination, "destination");
  }

  /** The destination's own future: cancelling it takes the request out of the queue. */
  @Override
  public CompletableFuture<Outcome> accept(Signal signal, byte[] request) {
    Processed processed;
    try {
      processed = step.apply(signal, request);
    } catch (MalformedRequestException e) {
      return CompletableFuture.completedFuture(
          Outcome.refused(StatusCode.INVALID_ARGUMENT, e.getMessage()));
    }
    return processed.items() == 0
        ? CompletableFuture.completedFuture(Outcome.ACCEPTED)
        : destination.send(signal, processed.body(), processed.items());
  }
}
