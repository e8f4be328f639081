package dev.tallyspan.benchmarks.endurance;

import dev.tallyspan.benchmarks.NumberedRequests;
import java.time.Duration;

/**
 * How often the spans of accepted requests were delivered.
 *
 * @param lost accepted, but not delivered
 * @param once delivered once, and so on
 */
record Deliveries(long spans, long lost, long once, long twice, long more) {

  /** Waits until all accepted spans are delivered, or until it takes too long; then counts. */
  static Deliveries await(
      SpanBook book, NumberedRequests requests, long[] accepted, Duration patience)
      throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    Deliveries deliveries = count(book, requests, accepted);
    while (deliveries.lost > 0 && System.nanoTime() < deadline) {
      Thread.sleep(500);
      deliveries = count(book, requests, accepted);
    }
    return deliveries;
  }

  private static Deliveries count(SpanBook book, NumberedRequests requests, long[] accepted) {
    long[] times = new long[4];
    for (long request : accepted) {
      for (int i = 0; i < requests.spans(); i++) {
        times[Math.min(book.times(request * requests.spans() + i), 3)]++;
      }
    }
    return new Deliveries(
        (long) accepted.length * requests.spans(), times[0], times[1], times[2], times[3]);
  }
}
