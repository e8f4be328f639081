package dev.tallyspan.collector.server;

import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.SenderAck;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.pipeline.Output;
import java.util.List;

/**
 * An output with others that only look on, such as a viewer: what they make of a batch has no part
 * in the answer to its sender. If they did, a viewer that accepts everything would turn the refusal
 * of the only backend into a partial success.
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
    OtlpRequest request = batch.request();
    for (Output observer : observers) {
      observer.write(
          batch.with(
              new OtlpRequest(
                  request.signal(),
                  request.bytes(),
                  request.items(),
                  new SenderAck(outcome -> {}))));
    }
    output.write(batch);
  }
}
