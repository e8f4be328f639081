package dev.tallyspan.collector.server;

import dev.tallyspan.collector.otlp.Outcome;
import dev.tallyspan.collector.otlp.Signal;
import dev.tallyspan.collector.otlp.StatusCode;
import dev.tallyspan.collector.receive.Intake;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Hands what a receiver took to the pipelines of its signal. */
final class SignalIntake implements Intake {

  private final Map<Signal, List<Intake>> pipelines;

  SignalIntake(Map<Signal, List<Intake>> pipelines) {
    this.pipelines = pipelines;
  }

  /** Of several pipelines all get the request; the sender is told of the worst that happened. */
  @Override
  public CompletionStage<Outcome> accept(Signal signal, byte[] request) {
    List<Intake> ways = pipelines.getOrDefault(signal, List.of());
    if (ways.isEmpty()) {
      return CompletableFuture.completedFuture(
          Outcome.refused(
              StatusCode.UNIMPLEMENTED,
              "no pipeline takes " + signal.id() + " from this receiver"));
    }
    CompletionStage<Outcome> all = ways.get(0).accept(signal, request);
    for (Intake way : ways.subList(1, ways.size())) {
      all = all.thenCombine(way.accept(signal, request), SignalIntake::worse);
    }
    return all;
  }

  private static Outcome worse(Outcome one, Outcome other) {
    return severity(other) > severity(one) ? other : one;
  }

  /** One that may be asked again is worst: only then does the sender come again. */
  private static int severity(Outcome outcome) {
    if (outcome instanceof Outcome.Refused refused) {
      return refused.retryable() ? 3 : 2;
    }
    return outcome instanceof Outcome.Partial ? 1 : 0;
  }
}
