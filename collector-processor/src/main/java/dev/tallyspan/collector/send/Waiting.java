package dev.tallyspan.collector.send;

import dev.tallyspan.collector.otlp.Outcome;
import dev.tallyspan.collector.wire.Slices;
import java.util.concurrent.CompletableFuture;

/** A request whose sender waits for what becomes of it. */
final class Waiting {
  final Slices request;
  final int items;
  final long arrivedAt;
  final CompletableFuture<Outcome> future = new CompletableFuture<>();

  /** Guarded by the queue's lock; null once the request has left the queue. */
  Batch batch;

  Waiting(Slices request, int items, long arrivedAt) {
    this.request = request;
    this.items = items;
    this.arrivedAt = arrivedAt;
  }
}
