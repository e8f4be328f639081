package dev.tallyspan.collector.pipeline;

/**
 * The end of a pipeline: an exporter with the profile by which it writes spans, or a consumer of
 * what was understood, such as the terminal viewer.
 *
 * <p>The pipeline calls an output on the receiver's worker threads, concurrently for different
 * batches and in no particular order. Implementations are thread-safe. They may compute but must
 * not block: to wait for a backend, return and settle later.
 */
@FunctionalInterface
public interface Output {

  /**
   * Takes a batch with its own share of the acknowledgement, and settles that share once, now or
   * later, on any thread. If this method throws before the share is settled, the pipeline settles
   * it with {@code INTERNAL}.
   */
  void write(Batch batch);
}
