package dev.tallyspan.collector.pipeline;

/**
 * Where a pipeline ends: an exporter with the way it wants spans written, or what reads what was
 * understood, such as the terminal.
 *
 * <p>Called on worker threads, several at a time, each with another batch; it may compute but must
 * not wait: what waits for a backend returns, and settles later.
 */
@FunctionalInterface
public interface Output {

  /**
   * Takes a batch with its own share of the acknowledgement, and settles it once, now or later, on
   * any thread. If it throws before it has settled, the share is settled as {@code INTERNAL}.
   */
  void write(Batch batch);
}
