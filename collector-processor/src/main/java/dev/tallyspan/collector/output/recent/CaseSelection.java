package dev.tallyspan.collector.output.recent;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What becomes a case for evaluations.
 *
 * @param query see {@code docs/viewer.md}; empty = all
 * @param bySpan whether each model call is a case and is asked alone; else each trace is
 * @param since only traces that started from then on; null = all
 * @param until only traces that started before; null = all
 */
public record CaseSelection(
    String query, boolean bySpan, @Nullable Instant since, @Nullable Instant until) {

  public CaseSelection {
    requireNonNull(query, "query");
  }

  /** Whether the trace started in the time. */
  boolean includes(TraceSummary trace) {
    Instant start = Instant.EPOCH.plusNanos(trace.startNanos);
    return (since == null || !start.isBefore(since)) && (until == null || start.isBefore(until));
  }
}
