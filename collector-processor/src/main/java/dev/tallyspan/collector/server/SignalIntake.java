package dev.tallyspan.collector.server;

import dev.tallyspan.collector.flow.Intake;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import java.util.List;
import java.util.Map;

/** Passes each request of a receiver to every pipeline for its signal. */
final class SignalIntake implements Intake {

  private final Map<Signal, List<Intake>> pipelines;

  SignalIntake(Map<Signal, List<Intake>> pipelines) {
    this.pipelines = pipelines;
  }

  @Override
  public void accept(OtlpRequest request) {
    List<Intake> ways = pipelines.getOrDefault(request.signal(), List.of());
    if (ways.isEmpty()) {
      request
          .ack()
          .settle(
              Outcome.refused(
                  StatusCode.UNIMPLEMENTED,
                  "no pipeline accepts " + request.signal().id() + " from this receiver"));
      return;
    }
    request.passTo("a pipeline", ways, Intake::accept);
  }
}
