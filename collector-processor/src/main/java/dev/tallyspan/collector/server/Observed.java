package dev.tallyspan.collector.server;

import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.pipeline.Output;
import java.util.List;

/**
 * An output with others that only look on, such as a connector or a viewer: what they make of a
 * batch has no part in the answer to its sender. If they did, a viewer that accepts everything
 * would turn the refusal of the only backend into a partial success.
 */
final class Observed implements Output {

  private final Output output;
  private final List<Output> observers;

  Observed(Output output, List<Output> observers) {
    this.output = output;
    this.observers = List.copyOf(observers);
  }

  @Override
  public void write(Batch batch) {
    for (Output observer : observers) {
      observer.write(batch.with(batch.request().unanswered()));
    }
    output.write(batch);
  }
}
