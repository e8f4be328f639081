package dev.tallyspan.collector.pipeline;

import java.util.List;

/**
 * Changes a trace after it was decided which spans bill its calls, and before an output writes it:
 * leaves it out, leaves out some of its spans, or changes them.
 *
 * <p>Called on worker threads and on timer threads, concurrently for different traces.
 * Implementations are thread-safe and do not block.
 */
@FunctionalInterface
public interface TraceStep {

  /**
   * Returns what is written of a trace. Each batch keeps its share of the acknowledgement; one that
   * is left out was settled by this step with {@link
   * dev.tallyspan.collector.flow.Outcome#ACCEPTED}.
   *
   * @param parts spans of one trace, in the requests in which they arrived; or, where requests do
   *     not wait for each other, one request with spans of any traces
   */
  List<Batch> apply(List<Batch> parts);
}
