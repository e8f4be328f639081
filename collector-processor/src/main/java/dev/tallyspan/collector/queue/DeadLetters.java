package dev.tallyspan.collector.queue;

import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.queue.log.LogEntry;

/** Keeps what a backend refused permanently. Thread-safe. */
public interface DeadLetters {

  /** Keeps nothing: what is refused permanently is lost, after the exporter has logged it. */
  DeadLetters NONE = (entry, output, refusal, kept) -> kept.done(true);

  /** Receives the result, once, on any thread. Must not block or throw. */
  @FunctionalInterface
  interface Kept {

    /**
     * @param kept false if the dead letter could not be kept, but may be later
     */
    void done(boolean kept);
  }

  /**
   * Keeps a request, or the part of it that was refused. Does not block.
   *
   * @param output the output that refused it
   * @param refusal a permanent {@link Outcome.Refused}, or an {@link Outcome.Partial} with rejected
   *     items
   */
  void add(LogEntry entry, String output, Outcome refusal, Kept kept);
}
