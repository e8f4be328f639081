package dev.tallyspan.collector.exporter;

import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.wire.Slices;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Requests of one signal and with the same headers that are sent as one request, or a part of a
 * single one. Guarded by the queue's lock.
 */
final class ExportBatch {
  final Signal signal;

  /** Of all its requests. */
  final Map<String, String> headers;

  final long sequence;
  final List<PendingRequest> requests = new ArrayList<>(1);
  long items;
  long bytes;

  /** The number of failed attempts. */
  int failures;

  /** The time of the next attempt at the earliest; only set after a failed attempt. */
  long notBefore;

  /** The number of attempts that timed out. */
  int timeouts;

  /** Whether it is sent although it should be divided, because that is not possible. */
  boolean indivisible;

  ExportBatch(Signal signal, Map<String, String> headers, long sequence) {
    this.signal = signal;
    this.headers = headers;
    this.sequence = sequence;
  }

  void add(PendingRequest waiting) {
    requests.add(waiting);
    items += waiting.bodyItems();
    bytes += waiting.body().size();
    waiting.batch = this;
  }

  void remove(PendingRequest waiting) {
    requests.remove(waiting);
    items -= waiting.bodyItems();
    bytes -= waiting.body().size();
    waiting.batch = null;
  }

  List<PendingRequest> takeAll() {
    List<PendingRequest> all = List.copyOf(requests);
    all.forEach(waiting -> waiting.batch = null);
    requests.clear();
    items = 0;
    bytes = 0;
    return all;
  }

  /** The time when its oldest request arrived. */
  long arrivedAt() {
    return requests.get(0).arrivedAt;
  }

  /** Returns all requests as one, without copying. */
  Slices body() {
    if (requests.size() == 1) {
      return requests.get(0).body();
    }
    Slices body = new Slices();
    for (PendingRequest waiting : requests) {
      body.add(waiting.body());
    }
    return body;
  }
}
