package dev.tallyspan.collector.pipeline;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.exporter.Exporter;
import dev.tallyspan.collector.flow.Intake;
import dev.tallyspan.collector.flow.InternalFault;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.StatusCode;
import dev.tallyspan.collector.wire.MalformedRequestException;
import java.util.List;

/**
 * Takes requests from receivers, has them processed, and hands each to every exporter. The
 * exporters share the bytes and nothing else: each has its own queue, pace and retries, so that one
 * that is slow or down does not hold up the others.
 */
public final class Pipeline implements Intake {

  private static final Outcome GONE =
      Outcome.refused(StatusCode.CANCELLED, "the sender did not wait for the answer");

  private final Processor step;
  private final List<Exporter> exporters;

  /**
   * @param step what is done with each request, {@link Processor#PASS} for nothing
   * @throws IllegalArgumentException if there is no exporter
   */
  public Pipeline(Processor step, List<? extends Exporter> exporters) {
    if (exporters.isEmpty()) {
      throw new IllegalArgumentException("exporters=[]: at least one is needed");
    }
    this.step = requireNonNull(step, "step");
    this.exporters = List.copyOf(exporters);
  }

  @Override
  public void accept(OtlpRequest request) {
    if (request.ack().isWithdrawn()) {
      request.ack().settle(GONE);
      return;
    }
    Processed processed;
    try {
      processed = step.apply(request.signal(), request.bytes().contiguous());
    } catch (MalformedRequestException e) {
      request.ack().settle(Outcome.refused(StatusCode.INVALID_ARGUMENT, e.getMessage()));
      return;
    } catch (RuntimeException | Error e) {
      request.ack().settle(InternalFault.log("a processor", e));
      return;
    }
    if (processed.items() == 0) {
      request.ack().settle(Outcome.ACCEPTED);
      return;
    }
    OtlpRequest rewritten = request.with(processed.body(), processed.items());
    // Every share is taken before the first is handed on, which may settle at once.
    OtlpRequest[] shares = new OtlpRequest[exporters.size()];
    shares[0] = rewritten;
    for (int i = 1; i < shares.length; i++) {
      shares[i] = rewritten.retain();
    }
    for (int i = 0; i < shares.length; i++) {
      exporters.get(i).send(shares[i]);
    }
  }
}
