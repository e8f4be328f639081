package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.pipeline.Output;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.enrichment.Enriched;
import dev.tallyspan.semconv.SpanView;

/** Prints the output of {@code explain}, span by span. */
abstract sealed class Explanation implements Output permits JsonExplanation, TableExplanation {

  /** Begins the spans of a file. */
  abstract void file(String name);

  /** Explains one LLM span. */
  abstract void span(SpanView span, Enriched enriched);

  /** Ends the output. */
  abstract void end();

  @Override
  public final void write(Batch batch) {
    try {
      batch.forEachSpan(
          (span, record) -> {
            if (record != null) {
              span(span, record.enriched());
            }
          });
    } catch (MalformedRequestException e) {
      throw new IllegalStateException(e); // cannot happen: its spans were counted before
    }
    batch.request().ack().settle(Outcome.ACCEPTED);
  }
}
