package dev.tallyspan.collector.exporter;

import dev.tallyspan.collector.flow.OtlpRequest;
import java.time.Duration;

/** A place that requests are delivered to. Safe for use by many threads. */
public interface Exporter extends AutoCloseable {

  /**
   * Takes one request for delivery; returns at once and never throws on account of the backend.
   *
   * <p>Its share is settled with what became of the request: accepted by the backend, accepted in
   * part, or refused. A request for which there is no room is refused at once as {@code
   * UNAVAILABLE} with the time after which it is worth trying again. A request that is withdrawn
   * leaves the queue, unless it is on its way to the backend at that moment.
   */
  void send(OtlpRequest request);

  /**
   * Takes no more requests, and waits until those it has are delivered, at most for {@code drain};
   * what then remains is refused as {@code UNAVAILABLE}. Zero does not wait at all.
   */
  void close(Duration drain);

  /** Closes with a drain of 5 s. */
  @Override
  default void close() {
    close(Duration.ofSeconds(5));
  }
}
