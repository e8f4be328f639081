package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.pipeline.Output;
import dev.tallyspan.collector.pipeline.SpanRecord;
import dev.tallyspan.collector.pipeline.SpanTotals;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.semconv.SpanView;
import org.jspecify.annotations.Nullable;

/** Prints the output of {@code explain}, span by span. */
abstract sealed class Explanation implements Output
    permits JsonExplanation, TableExplanation, TraceExplanation {

  /** Begins the spans of a file. */
  abstract void file(String name);

  /**
   * Explains one span of the batch.
   *
   * @param record null if the span is not about an LLM
   * @param totals null if the span has none
   */
  abstract void span(SpanView span, @Nullable SpanRecord record, @Nullable SpanTotals totals);

  /** Ends the output. */
  abstract void end();

  @Override
  public final void write(Batch batch) {
    try {
      batch.forEachSpan(this::span);
    } catch (MalformedRequestException e) {
      throw new IllegalStateException(e); // cannot happen: its spans were counted before
    }
    batch.request().ack().settle(Outcome.ACCEPTED);
  }
}
