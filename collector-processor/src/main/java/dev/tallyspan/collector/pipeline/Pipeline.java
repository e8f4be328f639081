package dev.tallyspan.collector.pipeline;

import dev.tallyspan.collector.flow.Intake;
import dev.tallyspan.collector.flow.InternalFault;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.StatusCode;
import dev.tallyspan.collector.wire.MalformedRequestException;
import java.util.List;

/**
 * Passes requests from a receiver through processors to every output. The outputs share the bytes
 * and what was understood, but nothing else: each proceeds at its own pace, so an output that is
 * slow or down does not delay the others.
 *
 * <p>Thread-safe. Processors run in order on the thread that calls {@link #accept}; then the
 * outputs are called in order on the same thread.
 */
public final class Pipeline implements Intake {

  private static final Outcome GONE =
      Outcome.refused(StatusCode.CANCELLED, "the sender did not wait for the answer");

  private final List<Processor> processors;
  private final List<Output> outputs;

  /**
   * @param processors applied in this order; may be empty
   * @param outputs at least one
   * @throws IllegalArgumentException if there is no output
   */
  public Pipeline(List<? extends Processor> processors, List<? extends Output> outputs) {
    if (outputs.isEmpty()) {
      throw new IllegalArgumentException("outputs=[]: at least one is required");
    }
    this.processors = List.copyOf(processors);
    this.outputs = List.copyOf(outputs);
  }

  @Override
  public void accept(OtlpRequest request) {
    if (request.ack().isWithdrawn()) {
      request.ack().settle(GONE);
      return;
    }
    if (request.items() == 0) {
      request.ack().settle(Outcome.ACCEPTED);
      return;
    }
    Batch batch = Batch.of(request);
    try {
      for (Processor processor : processors) {
        batch = processor.apply(batch);
        if (batch.request().items() == 0) {
          request.ack().settle(Outcome.ACCEPTED);
          return;
        }
      }
    } catch (MalformedRequestException e) {
      request.ack().settle(Outcome.refused(StatusCode.INVALID_ARGUMENT, e.getMessage()));
      return;
    } catch (RuntimeException | Error e) {
      request.ack().settle(InternalFault.log("a processor", e));
      return;
    }
    Batch understood = batch;
    understood
        .request()
        .passTo("an output", outputs, (output, share) -> output.write(understood.with(share)));
  }
}
