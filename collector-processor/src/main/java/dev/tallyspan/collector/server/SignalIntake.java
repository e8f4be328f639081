package dev.tallyspan.collector.server;

import dev.tallyspan.collector.flow.Intake;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import java.util.List;
import java.util.Map;

/**
 * Passes each request of a receiver to every pipeline for its signal. Pipelines that only look on
 * have a part in the answer to the sender if no other pipeline delivers the request anywhere.
 */
final class SignalIntake implements Intake {

  private final Map<Signal, List<Intake>> pipelines;
  private final Map<Signal, List<Intake>> observers;

  /**
   * @param pipelines those that deliver requests, or keep them in a queue
   * @param observers those that only look on
   */
  SignalIntake(Map<Signal, List<Intake>> pipelines, Map<Signal, List<Intake>> observers) {
    this.pipelines = pipelines;
    this.observers = observers;
  }

  @Override
  public void accept(OtlpRequest request) {
    List<Intake> ways = pipelines.getOrDefault(request.signal(), List.of());
    List<Intake> looking = observers.getOrDefault(request.signal(), List.of());
    if (ways.isEmpty() && looking.isEmpty()) {
      request
          .ack()
          .settle(
              Outcome.refused(
                  StatusCode.UNIMPLEMENTED,
                  "no pipeline accepts " + request.signal().id() + " from this receiver"));
      return;
    }
    if (ways.isEmpty()) {
      request.passTo("a pipeline", looking, Intake::accept);
      return;
    }
    if (!looking.isEmpty()) {
      request.unanswered().passTo("a pipeline", looking, Intake::accept);
    }
    request.passTo("a pipeline", ways, Intake::accept);
  }
}
