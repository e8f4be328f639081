package dev.tallyspan.collector.queue.log;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.flow.EpochNanos;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.wire.Slices;
import java.time.Instant;
import java.util.List;

/**
 * A request that a log keeps, with the bytes that were received. Immutable.
 *
 * @param sequence the position in the log: entries are numbered from 0 without gaps, in the order
 *     in which they were appended
 * @param epochNanos when the request was appended, in nanoseconds since the epoch
 * @param items the number of spans, log records or data points
 * @param labels what the log's user needs to handle the request; the log does not interpret them
 * @param body the protobuf encoding of the request
 */
public record LogEntry(
    long sequence, long epochNanos, Signal signal, int items, List<String> labels, Slices body) {

  public LogEntry {
    requireNonNull(signal, "signal");
    labels = List.copyOf(labels);
    requireNonNull(body, "body");
  }

  /** When the request was appended. */
  public Instant time() {
    return EpochNanos.instant(epochNanos);
  }

  /** Leaves out the body, which may hold personal data. */
  @Override
  public String toString() {
    return "LogEntry[" + sequence + ", " + signal + ", items=" + items + "]";
  }
}
