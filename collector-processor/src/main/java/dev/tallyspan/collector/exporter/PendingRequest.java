package dev.tallyspan.collector.exporter;

import dev.tallyspan.collector.flow.Ack;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.wire.Slices;
import org.jspecify.annotations.Nullable;

/** A request in the queue. Immutable, except for its batch. */
final class PendingRequest {
  final Slices request;
  final int items;
  final Ack ack;
  final long arrivedAt;

  /**
   * The batch that holds the request; null after the request has left the queue. Guarded by the
   * queue's lock.
   */
  @Nullable Batch batch;

  PendingRequest(OtlpRequest request, long arrivedAt) {
    this.request = request.bytes();
    this.items = request.items();
    this.ack = request.ack();
    this.arrivedAt = arrivedAt;
  }
}
