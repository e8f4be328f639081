package dev.tallyspan.collector.send;

import dev.tallyspan.collector.otlp.Ack;
import dev.tallyspan.collector.otlp.OtlpRequest;
import dev.tallyspan.collector.wire.Slices;

/** A request in the queue. */
final class Waiting {
  final Slices request;
  final int items;
  final Ack ack;
  final long arrivedAt;

  /** Guarded by the queue's lock; null once the request has left the queue. */
  Batch batch;

  Waiting(OtlpRequest request, long arrivedAt) {
    this.request = request.bytes();
    this.items = request.items();
    this.ack = request.ack();
    this.arrivedAt = arrivedAt;
  }
}
