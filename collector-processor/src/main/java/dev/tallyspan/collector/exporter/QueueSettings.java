package dev.tallyspan.collector.exporter;

import static java.util.Objects.requireNonNull;

/**
 * {@code sending_queue}: how many requests an exporter holds. A request counts from its arrival
 * until it is answered, on its way to the backend too, because that is how long its memory is held.
 *
 * @param enabled whether requests may wait; if not, each is sent as it comes and only {@code
 *     maxBytes} limits how many are under way. Default true
 * @param numConsumers how many requests are on their way to the backend at once; default 10
 * @param queueSize how much the queue holds, in units of {@code sizer}; default 1000
 * @param sizer what {@code queueSize} counts; default requests
 * @param maxBytes how many bytes the queue holds whatever its sizer; zero, the default, for a
 *     quarter of the maximum heap. A request always fits into an empty queue
 * @param batch how small requests are put together; null, the default, for not at all
 */
public record QueueSettings(
    boolean enabled,
    int numConsumers,
    long queueSize,
    Sizer sizer,
    long maxBytes,
    BatchSettings batch) {

  public static final QueueSettings DEFAULT =
      new QueueSettings(/* enabled= */ true, 10, 1000, Sizer.REQUESTS, 0, /* batch= */ null);

  /**
   * @throws IllegalArgumentException if a value is out of its range
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

  public QueueSettings withBatch(BatchSettings batch) {
    return new QueueSettings(enabled, numConsumers, queueSize, sizer, maxBytes, batch);
  }

  long byteBudget() {
    return maxBytes > 0 ? maxBytes : Runtime.getRuntime().maxMemory() / 4;
  }
}
