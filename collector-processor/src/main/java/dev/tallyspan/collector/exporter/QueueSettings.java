package dev.tallyspan.collector.exporter;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.flow.Heap;
import org.jspecify.annotations.Nullable;

/**
 * {@code sending_queue}: how many requests an exporter holds. A request counts from its arrival
 * until it is settled, including the time it is in flight, because its memory is in use until then.
 *
 * @param enabled whether requests may wait; if not, each is sent immediately, and only {@code
 *     maxBytes} limits the requests in flight. Default true
 * @param numConsumers the maximum number of requests in flight; default 10
 * @param queueSize the capacity of the queue, in units of {@code sizer}; default 1000
 * @param sizer the unit of {@code queueSize}; default requests
 * @param maxBytes the maximum number of bytes in the queue, regardless of its sizer; default 0 = a
 *     quarter of the maximum heap. A request always fits into an empty queue
 * @param batch how small requests are combined; default null = no batching
 */
public record QueueSettings(
    boolean enabled,
    int numConsumers,
    long queueSize,
    Sizer sizer,
    long maxBytes,
    @Nullable BatchSettings batch) {

  public static final QueueSettings DEFAULT =
      new QueueSettings(/* enabled= */ true, 10, 1000, Sizer.REQUESTS, 0, /* batch= */ null);

  /**
   * @throws IllegalArgumentException if a value is out of range
   */
  public QueueSettings {
    requireNonNull(sizer, "sizer");
    Preconditions.that(numConsumers > 0, "num_consumers", numConsumers);
    Preconditions.that(queueSize > 0, "queue_size", queueSize);
    Preconditions.that(maxBytes >= 0, "max_bytes", maxBytes);
    batch = enabled ? batch : null;
    if (batch != null && batch.sizer() == sizer && batch.minSize() > queueSize) {
      throw new IllegalArgumentException(
          "min_size=" + batch.minSize() + ": must not be more than queue_size=" + queueSize);
    }
  }

  public QueueSettings withBatch(@Nullable BatchSettings batch) {
    return new QueueSettings(enabled, numConsumers, queueSize, sizer, maxBytes, batch);
  }

  long byteBudget() {
    return maxBytes > 0 ? maxBytes : Heap.share(4);
  }
}
