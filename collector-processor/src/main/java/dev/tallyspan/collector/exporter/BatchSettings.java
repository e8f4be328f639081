package dev.tallyspan.collector.exporter;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * {@code sending_queue.batch}: how small requests are put together into larger ones. A sender waits
 * for its batch, so batching trades up to {@code flushTimeout} of latency for fewer requests.
 *
 * @param flushTimeout when a batch is sent however small it is; default 200 ms, not zero
 * @param minSize when a batch is sent without waiting any longer; default 8192
 * @param maxSize what a batch does not grow beyond; a single larger request is sent alone. Zero,
 *     the default, for no limit but the 64 MiB of any request
 * @param sizer what the sizes count: items, the default, or bytes
 */
public record BatchSettings(Duration flushTimeout, long minSize, long maxSize, Sizer sizer) {

  public static final BatchSettings DEFAULT =
      new BatchSettings(Duration.ofMillis(200), 8192, 0, Sizer.ITEMS);

  /**
   * @throws IllegalArgumentException if a value is out of its range
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
