package dev.tallyspan.collector.queue;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.flow.EpochNanos;
import dev.tallyspan.collector.queue.log.LogEntry;
import java.time.Instant;
import java.util.List;

/**
 * A request, or a part of one, that a backend refused permanently.
 *
 * @param entry what was received, in the log of dead letters; its time is that of the refusal
 * @param output the output that was refused
 * @param reason why, without any of the telemetry's content
 * @param received when the request was received
 */
public record DeadLetter(LogEntry entry, String output, String reason, Instant received) {

  public DeadLetter {
    requireNonNull(entry, "entry");
    requireNonNull(output, "output");
    requireNonNull(reason, "reason");
    requireNonNull(received, "received");
  }

  /** Returns the labels of the log entry that keeps a dead letter. */
  static List<String> labels(String output, String reason, long receivedEpochNanos) {
    return List.of(output, reason, Long.toString(receivedEpochNanos));
  }

  /**
   * Reads an entry of the log of dead letters.
   *
   * @throws IllegalArgumentException if it is not one
   */
  public static DeadLetter of(LogEntry entry) {
    List<String> labels = entry.labels();
    if (labels.size() != 3) {
      throw new IllegalArgumentException("labels=" + labels.size() + ": not a dead letter");
    }
    Instant received = EpochNanos.instant(Long.parseLong(labels.get(2)));
    return new DeadLetter(entry, labels.get(0), labels.get(1), received);
  }
}
