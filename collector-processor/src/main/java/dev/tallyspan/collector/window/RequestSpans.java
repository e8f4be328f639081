package dev.tallyspan.collector.window;

import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.pipeline.ItemCursor;
import dev.tallyspan.collector.pipeline.SpanRecord;
import dev.tallyspan.collector.pipeline.SpanTotals;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.SpanOutlines;
import dev.tallyspan.collector.wire.TraceId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The spans of one trace request as parts of their traces. Not thread-safe. */
final class RequestSpans {

  private final Batch batch;

  /** Null if the request is not about traces. */
  private final @Nullable SpanOutlines outlines;

  /** The spans of traces with spans about LLMs, in the order of the request. */
  private final List<TraceSpan> spans = new ArrayList<>();

  private RequestSpans(Batch batch, @Nullable SpanOutlines outlines) {
    this.batch = batch;
    this.outlines = outlines;
  }

  /**
   * @throws MalformedRequestException if the bytes are not a trace request
   */
  static RequestSpans of(Batch batch) throws MalformedRequestException {
    if (batch.request().signal() != Signal.TRACES) {
      return new RequestSpans(batch, null);
    }
    return new RequestSpans(batch, batch.outlines());
  }

  static TraceSpan span(
      SpanOutlines outlines, int item, TraceId trace, @Nullable SpanRecord record) {
    return new TraceSpan(
        trace,
        outlines.spanId(item),
        outlines.parentSpanId(item),
        outlines.startEpochNanos(item),
        outlines.endEpochNanos(item),
        outlines.kind(item),
        item,
        record);
  }

  /** Adds the traces of this request that have spans about LLMs. */
  void collectLlmTraces(Set<TraceId> traces) {
    if (outlines != null) {
      for (SpanRecord record : batch.records()) {
        traces.add(outlines.traceId(record.item()));
      }
    }
  }

  /** Adds the spans of this request that are in one of the traces. */
  void collect(Set<TraceId> traces, Collection<TraceSpan> to) {
    if (outlines == null || traces.isEmpty()) {
      return;
    }
    ItemCursor<SpanRecord> records = batch.recordsByItem();
    for (int item = 0; item < outlines.size(); item++) {
      SpanRecord record = records.at(item);
      TraceId trace = outlines.traceId(item);
      if (record != null || trace.isValid() && traces.contains(trace)) {
        TraceSpan span = span(outlines, item, trace, record);
        spans.add(span);
        to.add(span);
      }
    }
  }

  /** Returns the batch with what was decided about its spans. */
  Batch decided() {
    if (outlines == null || spans.isEmpty()) {
      return batch;
    }
    List<SpanRecord> records = new ArrayList<>(batch.records().size());
    List<SpanTotals> totals = new ArrayList<>();
    for (TraceSpan span : spans) {
      if (span.record != null) {
        records.add(span.record);
      }
      if (span.totals != null) {
        totals.add(span.totals);
      }
    }
    return batch.decided(outlines.index(), records, totals);
  }
}
