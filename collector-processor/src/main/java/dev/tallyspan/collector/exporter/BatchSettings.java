package dev.tallyspan.collector.exporter;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * {@code sending_queue.batch}: how small requests are combined into larger ones. Senders wait for
 * their batch, so batching adds up to {@code flushTimeout} of latency in exchange for fewer
 * requests.
 *
 * @param flushTimeout the time after which a batch is sent regardless of its size; default 200 ms,
 *     not zero
 * @param minSize the size at which a batch is sent immediately; default 8192
 * @param maxSize the maximum size of a batch; a single larger request is sent alone. Default 0 = no
 *     limit except the size of the largest request that the backend accepts
 * @param sizer the unit of the sizes: items (the default) or bytes
 */
public record BatchSettings(Duration flushTimeout, long minSize, long maxSize, Sizer sizer) {

  public static final BatchSettings DEFAULT =
      new BatchSettings(Duration.ofMillis(200), 8192, 0, Sizer.ITEMS);

  /** For a queue without batching: each request makes its batch full, and so is sent alone. */
  static final BatchSettings NONE = new BatchSettings(Duration.ofMillis(1), 0, 0, Sizer.ITEMS);

  /**
   * @throws IllegalArgumentException if a value is out of range
   */
  public BatchSettings {
    requireNonNull(flushTimeout, "flushTimeout");
    requireNonNull(sizer, "sizer");
    Preconditions.that(flushTimeout.compareTo(Duration.ZERO) > 0, "flush_timeout", flushTimeout);
    Preconditions.that(minSize >= 0, "min_size", minSize);
    Preconditions.that(maxSize >= 0, "max_size", maxSize);
    if (maxSize > 0 && maxSize < minSize) {
      throw new IllegalArgumentException(
          "max_size=" + maxSize + ": must not be less than min_size=" + minSize);
    }
    if (sizer == Sizer.REQUESTS) {
      throw new IllegalArgumentException("sizer=requests: a batch is measured in items or bytes");
    }
  }
}
