package dev.tallyspan.collector.exporter;

import dev.tallyspan.collector.flow.OtlpRequest;
import java.time.Duration;

/**
 * Delivers requests to a backend. Thread-safe: outputs call {@link #send} on workers, concurrently
 * and in no particular order.
 */
public interface Exporter extends AutoCloseable {

  /**
   * Takes one request for delivery. Does not block, and never throws because of the backend.
   *
   * <p>The exporter settles the request's share once: accepted by the backend, accepted in part, or
   * refused. A request that it sends in several parts is refused as temporary if that is how one of
   * them ended, even if the backend accepted others. It settles on the calling thread before this
   * method returns, or later on a thread of the exporter. A request for which there is no room is
   * refused immediately with {@code UNAVAILABLE} and a retry delay. A request that is withdrawn
   * leaves the queue, unless it is in flight to the backend at that moment.
   */
  void send(OtlpRequest request);

  /**
   * Stops accepting requests, and blocks until the pending ones are delivered, at most for {@code
   * drain}. The remaining requests are then refused with {@code UNAVAILABLE}. Zero does not wait.
   */
  void close(Duration drain);

  /** Closes with a drain of 5 s. */
  @Override
  default void close() {
    close(Duration.ofSeconds(5));
  }
}
