package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.pipeline.Output;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.enrichment.Enriched;
import dev.tallyspan.semconv.SpanView;

/** What {@code explain} prints, span by span. */
abstract sealed class Explanation implements Output permits JsonExplanation, TableExplanation {

  /** The spans that follow are in this file. */
  abstract void file(String name);

  /** Explains one LLM span. */
  abstract void span(SpanView span, Enriched enriched);

  /** There are no more spans. */
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
      throw new IllegalStateException(e); // its spans were counted
    }
    batch.request().ack().settle(Outcome.ACCEPTED);
  }
}
