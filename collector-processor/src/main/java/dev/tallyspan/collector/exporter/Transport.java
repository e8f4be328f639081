package dev.tallyspan.collector.exporter;

import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.wire.Slices;
import java.util.concurrent.CompletableFuture;

/** One way to talk to a backend. Makes a single attempt; retrying is the queue's business. */
interface Transport {

  /** The largest answer that is read, after decompression, as OTLP recommends. */
  int MAX_RESPONSE_BYTES = 4 << 20;

  /**
   * Sends a request once, within the transport's timeout. The future never completes exceptionally;
   * a failed connection is {@code UNAVAILABLE}, a timeout {@code DEADLINE_EXCEEDED}. Messages hold
   * nothing of what the backend wrote, since backends quote what they reject.
   */
  CompletableFuture<Outcome> send(Signal signal, Slices request);

  /** Breaks off what is under way and closes all connections. */
  void close();
}
