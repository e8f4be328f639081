package dev.tallyspan.collector.queue;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.queue.log.LogEntry;
import dev.tallyspan.collector.queue.log.RequestLog;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.RequestCut;
import dev.tallyspan.collector.wire.Slices;

/**
 * Keeps dead letters in a log of their own: of each request only the units that were refused, if
 * the backend or the exporter has found out which. Thread-safe.
 */
public final class LoggedDeadLetters implements DeadLetters {

  /** Longer reasons are cut. */
  private static final int MAX_REASON = 500;

  private final RequestLog log;

  public LoggedDeadLetters(RequestLog log) {
    this.log = requireNonNull(log, "log");
  }

  @Override
  public void add(LogEntry entry, String output, Outcome refusal, Kept kept) {
    Part part = refused(entry, refusal);
    log.append(
        entry.signal(),
        part.items,
        DeadLetter.labels(output, reason(refusal), entry.epochNanos()),
        part.body,
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

  private record Part(int items, Slices body) {}

  /** Returns the units that were refused, as they were received; everything if they are unknown. */
  private static Part refused(LogEntry entry, Outcome refusal) {
    Part whole = new Part(entry.items(), entry.body());
    if (!(refusal instanceof Outcome.Partial partial) || partial.units().isEmpty()) {
      return whole;
    }
    try {
      RequestCut cut =
          entry.signal() == Signal.METRICS
              ? RequestCut.ofMetrics(entry.body())
              : RequestCut.ofItems(entry.body());
      Slices body = new Slices();
      int[] items = {0};
      partial
          .units()
          .forEachRange(
              (from, to) -> {
                body.add(cut.cut(from, to));
                items[0] += cut.items(from, to);
              });
      return new Part(items[0], body);
    } catch (MalformedRequestException | IndexOutOfBoundsException e) {
      return whole; // Keeping too much is better than too little.
    }
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
