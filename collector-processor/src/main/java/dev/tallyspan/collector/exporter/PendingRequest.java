package dev.tallyspan.collector.exporter;

import dev.tallyspan.collector.flow.Ack;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.wire.Slices;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request in the queue. What may change is guarded by the queue's lock. */
final class PendingRequest {

  /** The number of items in the whole request. */
  final int items;

  /** The size of the whole request in bytes. */
  final long size;

  final Ack ack;

  /**
   * What it is sent with, besides the headers of every request; only with requests that have the
   * same.
   */
  final Map<String, String> headers;

  final long arrivedAt;

  /** The parts in which the request is sent; null = it is sent as a whole. */
  @Nullable PartedRequest parts;

  /** What is sent next: the request or a part of it. */
  private Slices body;

  private int bodyItems;

  /** The batch that holds the request; null after the request has left the queue. */
  @Nullable ExportBatch batch;

  PendingRequest(OtlpRequest request, Map<String, String> headers, long arrivedAt) {
    this.headers = headers;
    items = request.items();
    size = request.bytes().size();
    ack = request.ack();
    this.arrivedAt = arrivedAt;
    body = request.bytes();
    bodyItems = items;
  }

  Slices body() {
    return body;
  }

  int bodyItems() {
    return bodyItems;
  }

  /** Makes the next part what is sent next. Must not be called while a batch holds the request. */
  void usePart(PartedRequest parts) {
    body = parts.body();
    bodyItems = parts.items();
  }
}
