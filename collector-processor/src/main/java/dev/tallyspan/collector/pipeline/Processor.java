package dev.tallyspan.collector.pipeline;

import dev.tallyspan.collector.wire.MalformedRequestException;

/**
 * Handles requests between a receiver and the outputs, for example by understanding their LLM
 * spans. A processor does not hold back requests; only outputs and windows wait for other spans.
 *
 * <p>The pipeline calls a processor on the receiver's worker threads, concurrently for different
 * batches and in no particular order. Implementations are thread-safe. They may compute but must
 * not block.
 *
 * <p>An implementation catches what goes wrong with a single item, counts and logs it once, and
 * passes the item on unchanged. Any other exception is a bug in Tallyspan, and the sender is
 * answered with {@code INTERNAL}.
 */
@FunctionalInterface
public interface Processor {

  /**
   * Returns the batch with what this processor found, or the same batch; or a batch of a request
   * that it made of this one, by {@link Batch#rewritten} or {@link Batch#only}. Those that come
   * before the processor that understands spans change only bytes. The share of the acknowledgement
   * stays with the batch: a processor does not settle it. A batch without items ends here.
   *
   * @throws MalformedRequestException if the bytes are not a request of their signal; the sender is
   *     answered with {@code INVALID_ARGUMENT}
   */
  Batch apply(Batch batch) throws MalformedRequestException;
}
