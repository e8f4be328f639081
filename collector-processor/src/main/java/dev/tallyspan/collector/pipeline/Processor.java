package dev.tallyspan.collector.pipeline;

import dev.tallyspan.collector.wire.MalformedRequestException;

/**
 * What is done with requests between a receiver and the outputs, such as understanding their LLM
 * spans. Holds nothing back: what waits for other spans is a matter of outputs and windows.
 *
 * <p>Called on worker threads, several at a time, each with another batch; it may compute but must
 * not wait for a backend. An item that it cannot deal with is a fact to be counted and logged once,
 * and leaves as it came; the exception for that is caught here. Any other exception is a fault of
 * Tallyspan, and its sender is answered {@code INTERNAL}.
 */
@FunctionalInterface
public interface Processor {

  /**
   * Returns the batch with what this processor found, or the same batch. Its share of the
   * acknowledgement stays with it: a processor does not settle.
   *
   * @throws MalformedRequestException if the bytes are not a request of their signal; the sender is
   *     answered {@code INVALID_ARGUMENT}
   */
  Batch apply(Batch batch) throws MalformedRequestException;
}
