package dev.tallyspan.collector.queue;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.queue.log.LogEntry;
import dev.tallyspan.collector.queue.log.RequestLog;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.RequestCut;
import dev.tallyspan.collector.wire.Slices;
import java.io.IOException;
import java.util.BitSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

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

  /**
   * What {@link #erase} did.
   *
   * @param items that were removed
   * @param letters that had them
   * @param failed dead letters that could not be removed, because what others need of them could
   *     not be entered again
   */
  public record Erased(long items, long letters, long failed) {}

  /**
   * Erases units from the dead letters. What is left of a dead letter is entered again, because
   * there is no other copy. Blocks while the log is read.
   *
   * @param units returns the spans or log records of an entry that are to go; empty for none
   * @throws IOException if the disk cannot be read or written; some may be erased then
   */
  public Erased erase(Function<LogEntry, BitSet> units) throws IOException {
    long[] items = new long[1];
    long[] failed = new long[1];
    long letters =
        log.erase(
            log.start(),
            log.end() - 1,
            entry -> {
              BitSet chosen = units.apply(entry);
              if (chosen.isEmpty()) {
                return false;
              }
              if (!keepsRest(entry, chosen)) {
                failed[0]++;
                return false;
              }
              items[0] += chosen.cardinality();
              return true;
            });
    return new Erased(items[0], letters, failed[0]);
  }

  /** Returns whether what is left of a dead letter is on disk. */
  private boolean keepsRest(LogEntry entry, BitSet chosen) {
    BitSet rest = new BitSet();
    CompletableFuture<Boolean> kept = new CompletableFuture<>();
    try {
      RequestCut cut = RequestCut.ofItems(entry.body());
      rest.set(0, cut.units());
      rest.andNot(chosen);
      if (rest.isEmpty()) {
        return true;
      }
      log.append(
          entry.signal(),
          rest.cardinality(),
          entry.labels(),
          cut.cut(rest),
          new RequestLog.Appended() {
            @Override
            public void stored(long sequence) {
              kept.complete(true);
            }

            @Override
            public void refused(Outcome.Refused why) {
              kept.complete(false);
            }
          });
    } catch (MalformedRequestException e) {
      return false; // Cannot happen: the units were read from it.
    }
    return kept.join();
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
