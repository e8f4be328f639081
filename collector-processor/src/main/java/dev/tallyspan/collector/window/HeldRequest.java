package dev.tallyspan.collector.window;

import dev.tallyspan.collector.flow.Ack;
import dev.tallyspan.collector.flow.PartAck;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.pipeline.SpanRecord;
import dev.tallyspan.collector.pipeline.SpanTotals;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.RequestCut;
import dev.tallyspan.collector.wire.SpanOutlines;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request of which spans are held. Each part of it that is forwarded takes a share of the
 * acknowledgement; the last one takes the request's own. Guarded by the window's lock.
 */
final class HeldRequest {

  /** A record without its messages: measured as 1.2 to 2 kB for chats. */
  private static final long RECORD_BYTES = 2048;

  /** What the window knows of any span. */
  private static final long SPAN_BYTES = 256;

  final Batch batch;
  private final SpanOutlines outlines;
  private @Nullable RequestCut cut;

  /** The spans that have not been forwarded. */
  private int left;

  HeldRequest(Batch batch, SpanOutlines outlines) {
    this.batch = batch;
    this.outlines = outlines;
    this.left = outlines.size();
  }

  /**
   * Returns about how much memory the request takes while it is held. What was read of an LLM span
   * has its messages as text, so a request with LLM spans counts twice, and about 2 kB for each
   * record.
   */
  long bytes() {
    long bytes = batch.request().bytes().size();
    int records = batch.records().size();
    return (records == 0 ? bytes : 2 * bytes)
        + RECORD_BYTES * records
        + SPAN_BYTES * outlines.size();
  }

  boolean isDone() {
    return left == 0;
  }

  /** Returns the part of the request with these spans, about which nothing was decided. */
  Batch part(BitSet items) throws MalformedRequestException {
    return part(items, batch.records(), List.of());
  }

  /**
   * Returns the part of the request with these spans.
   *
   * @param spans in the order of the request
   */
  Batch part(List<TraceSpan> spans) throws MalformedRequestException {
    BitSet items = new BitSet(outlines.size());
    List<SpanRecord> records = new ArrayList<>(spans.size());
    List<SpanTotals> totals = new ArrayList<>();
    for (TraceSpan span : spans) {
      items.set(span.item);
      if (span.record != null) {
        records.add(span.record);
      }
      if (span.totals != null) {
        totals.add(span.totals);
      }
    }
    return part(items, records, totals);
  }

  private Batch part(BitSet items, List<SpanRecord> records, List<SpanTotals> totals)
      throws MalformedRequestException {
    int count = items.cardinality();
    left -= count;
    Ack whole = batch.request().ack();
    if (count == outlines.size()) {
      return batch.decided(outlines.index(), records, totals);
    }
    if (cut == null) {
      cut = RequestCut.ofItems(batch.request().bytes());
    }
    return new Batch(batch.request(), outlines.index(), records, totals)
        .part(cut, items, new PartAck(left == 0 ? whole : whole.retain(), items));
  }
}
