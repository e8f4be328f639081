package dev.tallyspan.collector.pipeline;

import java.util.List;

/**
 * Applies steps to each request alone, before outputs write it: for pipelines in which requests do
 * not wait for the rest of their traces. Thread-safe.
 */
public final class SteppedOutput implements Output {

  private final List<TraceStep> steps;
  private final List<Output> outputs;

  /**
   * @param steps applied in this order
   * @param outputs get what the last step returns; at least one
   * @throws IllegalArgumentException if there is no output
   */
  public SteppedOutput(List<? extends TraceStep> steps, List<? extends Output> outputs) {
    if (outputs.isEmpty()) {
      throw new IllegalArgumentException("outputs=[]: at least one is required");
    }
    this.steps = List.copyOf(steps);
    this.outputs = List.copyOf(outputs);
  }

  @Override
  public void write(Batch batch) {
    List<Batch> parts = List.of(batch);
    for (TraceStep step : steps) {
      parts = step.apply(parts);
    }
    for (Batch part : parts) {
      part.request()
          .passTo("an output", outputs, (output, share) -> output.write(part.with(share)));
    }
  }
}
