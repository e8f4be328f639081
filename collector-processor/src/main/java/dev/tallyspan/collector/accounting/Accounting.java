package dev.tallyspan.collector.accounting;

import dev.tallyspan.collector.accounting.CountedSpan.Counts;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.pipeline.Output;
import dev.tallyspan.collector.pipeline.SpanRecord;
import dev.tallyspan.collector.pipeline.TraceStep;
import dev.tallyspan.collector.wire.RequestIndex;
import dev.tallyspan.semconv.AttributeView;
import dev.tallyspan.semconv.span.Cost;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Passes every span about an LLM to listeners that add up, with how it counts. As an {@link
 * Output}, it accepts each batch at once, next to the exporters of a pipeline; as a {@link
 * TraceStep}, it counts traces before a later step leaves some of them out.
 *
 * <p>Log records count if they are billed: records without a trace. Everything else in them is
 * about a span, which counts itself.
 *
 * <p>Thread-safe; does not block.
 */
public final class Accounting implements Output, TraceStep {

  private static final Logger LOGGER = System.getLogger(Accounting.class.getName());

  private final List<SpanListener> listeners;
  private final boolean readsAttributes;
  private final RecentSpans recent = new RecentSpans();
  private final AtomicBoolean failed = new AtomicBoolean();

  /**
   * @param dimensions those that the listeners use: they decide whether attributes must be read
   */
  public Accounting(List<? extends SpanListener> listeners, List<Dimension> dimensions) {
    this.listeners = List.copyOf(listeners);
    this.readsAttributes = dimensions.stream().anyMatch(Dimension::readsAttributes);
  }

  @Override
  public void write(Batch batch) {
    count(batch);
    batch.request().ack().settle(Outcome.ACCEPTED);
  }

  /** Counts the spans, and returns the same parts. */
  @Override
  public List<Batch> apply(List<Batch> parts) {
    parts.forEach(this::count);
    return parts;
  }

  private void count(Batch batch) {
    RequestIndex index = batch.index();
    if (index == null || batch.records().isEmpty()) {
      return;
    }
    if (!readsAttributes) {
      batch
          .records()
          .forEach(record -> count(batch, record, Batch.NO_ATTRIBUTES, Batch.NO_ATTRIBUTES));
      return;
    }
    batch.forEachRecord(
        (record, attributes, resource) -> count(batch, record, attributes, resource));
  }

  private void count(
      Batch batch, SpanRecord record, AttributeView attributes, AttributeView resource) {
    Cost.Status status = record.cost().status();
    if (batch.request().signal() == Signal.LOGS && (!status.isBilled() || record.hasTraceId())) {
      return;
    }
    Counts counts =
        status.isBilled()
            ? Counts.BILLED
            : status == Cost.Status.DUPLICATE ? Counts.DUPLICATE : Counts.NOT_BILLED;
    // An earlier state has the same ids as the last one, which bills.
    if (!record.isEarlierState()) {
      counts = recent.see(record.traceId(), record.spanId(), counts);
    }
    CountedSpan span = new CountedSpan(record, counts, attributes, resource);
    for (SpanListener listener : listeners) {
      try {
        listener.onSpan(span);
      } catch (RuntimeException e) {
        if (failed.compareAndSet(false, true)) {
          LOGGER.log(
              Level.ERROR,
              "a span could not be counted: {0} at {1}; further ones are not logged",
              e.getClass().getName(),
              e.getStackTrace().length == 0 ? "an unknown place" : e.getStackTrace()[0]);
        }
      }
    }
  }
}
