package dev.tallyspan.collector.queue;

/**
 * What an output has received and what became of it, in items since the start. At any time, {@code
 * received + recovered = delivered + dead + lost + queued}. Not thread-safe.
 */
final class LaneCounts {

  private long received;
  private long recovered;
  private long delivered;
  private long dead;
  private long lost;
  private long queuedItems;
  private long queuedRequests;
  private long queuedBytes;
  private long oldestEpochNanos;

  void queued(int items, long bytes, boolean fromEarlierRun) {
    if (fromEarlierRun) {
      recovered += items;
    } else {
      received += items;
    }
    queuedItems += items;
    queuedRequests++;
    queuedBytes += bytes;
  }

  /**
   * @param refused how many of the items are now dead letters
   */
  void finished(int items, long bytes, long refused) {
    delivered += items - refused;
    dead += refused;
    leave(items, bytes);
  }

  void lost(int items, long bytes) {
    lost += items;
    leave(items, bytes);
  }

  private void leave(int items, long bytes) {
    queuedItems -= items;
    queuedRequests--;
    queuedBytes -= bytes;
  }

  /** Returns a copy that does not change. */
  LaneCounts copy(long oldest) {
    LaneCounts copy = new LaneCounts();
    copy.received = received;
    copy.recovered = recovered;
    copy.delivered = delivered;
    copy.dead = dead;
    copy.lost = lost;
    copy.queuedItems = queuedItems;
    copy.queuedRequests = queuedRequests;
    copy.queuedBytes = queuedBytes;
    copy.oldestEpochNanos = oldest;
    return copy;
  }

  long received() {
    return received;
  }

  long recovered() {
    return recovered;
  }

  long delivered() {
    return delivered;
  }

  long dead() {
    return dead;
  }

  long lost() {
    return lost;
  }

  long queuedItems() {
    return queuedItems;
  }

  long queuedRequests() {
    return queuedRequests;
  }

  long queuedBytes() {
    return queuedBytes;
  }

  /** When the oldest request that is not settled was appended; 0 if there is none. */
  long oldestEpochNanos() {
    return oldestEpochNanos;
  }
}
