package dev.tallyspan.collector.exporter;

import dev.tallyspan.collector.flow.Ack;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.wire.Slices;

/** A request in the queue. */
final class PendingRequest {
  final Slices request;
  final int items;
  final Ack ack;
  final long arrivedAt;

  /** Guarded by the queue's lock; null once the request has left the queue. */
  Batch batch;

  PendingRequest(OtlpRequest request, long arrivedAt) {
    this.request = request.bytes();
    this.items = request.items();
    this.ack = request.ack();
    this.arrivedAt = arrivedAt;
  }
}
