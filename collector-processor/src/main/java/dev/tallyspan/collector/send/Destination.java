package dev.tallyspan.collector.send;

import dev.tallyspan.collector.otlp.Outcome;
import dev.tallyspan.collector.otlp.Signal;
import dev.tallyspan.collector.wire.Slices;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A place that requests are delivered to. Safe for use by many threads. */
public interface Destination extends AutoCloseable {

  /**
   * Takes one request for delivery; returns at once and never throws on account of the backend.
   *
   * <p>The future completes, never exceptionally, with what became of the request: accepted by the
   * backend, accepted in part, or refused. A request for which there is no room is refused at once
   * as {@code UNAVAILABLE} with the time after which it is worth to try again. Cancelling the
   * future takes the request out of the queue, unless it is on its way to the backend at that
   * moment.
   *
   * @param request the request's bytes, which must not change until the future completes
   * @param items how many spans, log records or data points it holds
   */
  CompletableFuture<Outcome> send(Signal signal, Slices request, int items);

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
