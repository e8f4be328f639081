package dev.tallyspan.collector.exporter;

/**
 * How much a queue holds. A request counts in full until it is settled, even if parts of it are
 * delivered. Guarded by the queue's lock.
 */
final class Occupancy {
  private final QueueSettings settings;
  private final long byteBudget;
  private long requests;
  private long items;
  private long bytes;

  Occupancy(QueueSettings settings) {
    this.settings = settings;
    byteBudget = settings.byteBudget();
  }

  void add(PendingRequest waiting) {
    requests++;
    items += waiting.items;
    bytes += waiting.size;
  }

  void remove(PendingRequest waiting) {
    requests--;
    items -= waiting.items;
    bytes -= waiting.size;
  }

  boolean isEmpty() {
    return requests == 0;
  }

  /** The size of the queue in the unit of its sizer. */
  long size() {
    return settings.sizer().measure(requests, items, bytes);
  }

  /** Whether there is room for one more request. Any request fits into an empty queue. */
  boolean fits(PendingRequest waiting) {
    if (isEmpty()) {
      return true;
    }
    long size = settings.sizer().measure(1, waiting.items, waiting.size);
    return (!settings.enabled() || size() + size <= settings.queueSize())
        && bytes + waiting.size <= byteBudget;
  }
}
