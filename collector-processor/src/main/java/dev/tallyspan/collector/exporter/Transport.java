package dev.tallyspan.collector.exporter;

import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.wire.Slices;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Sends requests to a backend. Makes single attempts; the queue retries. Thread-safe: the queue's
 * executor calls {@link #send} on several threads concurrently.
 */
public interface Transport {

  /** The maximum size of a response, after decompression, as OTLP recommends. */
  int MAX_RESPONSE_BYTES = 4 << 20;

  /** Whether the backend has an endpoint for a signal. */
  default boolean serves(Signal signal) {
    return true;
  }

  /**
   * Sends a request once, within the transport's timeout. May compress on the calling thread, but
   * does not wait for the response. The future completes on any thread and never exceptionally: a
   * failed connection is {@code UNAVAILABLE}, a timeout {@code DEADLINE_EXCEEDED}. Messages of
   * outcomes contain nothing that the backend wrote, because backends quote what they reject.
   *
   * @param headers by name in lower case, in addition to those of every request
   */
  CompletableFuture<Response> send(Signal signal, Map<String, String> headers, Slices request);

  /** Cancels the requests in flight and closes all connections. Does not wait for them. */
  void close();
}
