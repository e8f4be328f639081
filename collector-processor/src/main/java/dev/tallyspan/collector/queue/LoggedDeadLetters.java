package dev.tallyspan.collector.queue;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.queue.log.LogEntry;
import dev.tallyspan.collector.queue.log.RequestLog;

/** Keeps dead letters in a log of their own. Thread-safe. */
public final class LoggedDeadLetters implements DeadLetters {

  /** Longer reasons are cut. */
  private static final int MAX_REASON = 500;

  private final RequestLog log;

  public LoggedDeadLetters(RequestLog log) {
    this.log = requireNonNull(log, "log");
  }

  @Override
  public void add(LogEntry entry, String output, Outcome refusal, Kept kept) {
    log.append(
        entry.signal(),
        entry.items(),
        DeadLetter.labels(output, reason(refusal), entry.epochNanos()),
        entry.body(),
        new RequestLog.Appended() {
          @Override
          public void stored(long sequence) {
            kept.done(true);
          }

          @Override
          public void refused(Outcome.Refused why) {
            kept.done(false);
          }
        });
  }

  private static String reason(Outcome refusal) {
    String reason =
        refusal instanceof Outcome.Refused refused
            ? refused.code() + ": " + refused.message()
            : refusal instanceof Outcome.Partial partial
                ? partial.rejected() + " items rejected: " + partial.message()
                : refusal.toString();
    return reason.length() <= MAX_REASON ? reason : reason.substring(0, MAX_REASON);
  }
}
