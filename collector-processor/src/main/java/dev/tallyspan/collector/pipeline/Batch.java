package dev.tallyspan.collector.pipeline;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.flow.Ack;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.spans.WireSpanView;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.RequestCut;
import dev.tallyspan.collector.wire.RequestIndex;
import dev.tallyspan.collector.wire.Slices;
import dev.tallyspan.collector.wire.SpanReader;
import dev.tallyspan.collector.wire.TooManyValuesException;
import dev.tallyspan.collector.wire.TraceIndexer;
import dev.tallyspan.semconv.SpanView;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request and what was understood of it. The bytes stay as they were received: each output that
 * writes the request applies the changes once, when it writes. Immutable.
 *
 * @param request the request, with this batch's share of the acknowledgement
 * @param index the positions of the items that {@code records} and {@code totals} describe; null if
 *     there are none
 * @param records in ascending order of {@link SpanRecord#item}
 * @param totals of spans, whether they are about LLMs or not, in ascending order of {@link
 *     SpanTotals#item}
 */
public record Batch(
    OtlpRequest request,
    @Nullable RequestIndex index,
    List<SpanRecord> records,
    List<SpanTotals> totals) {

  private static final TraceIndexer ALL_SPANS = TraceIndexer.ofAllSpans();

  /** Visits the spans of a batch. */
  @FunctionalInterface
  public interface SpanVisitor {

    /**
     * @param span valid only during the call
     * @param record what was understood of the span; null if it is not about an LLM
     * @param sums over the span and its descendants; null if there are none
     */
    void visit(SpanView span, @Nullable SpanRecord record, @Nullable SpanTotals sums);
  }

  public Batch {
    requireNonNull(request, "request");
    records = List.copyOf(records);
    totals = List.copyOf(totals);
    if (!records.isEmpty() || !totals.isEmpty()) {
      requireNonNull(index, "index");
    }
  }

  /** Returns a batch for a request that no processor has handled yet. */
  public static Batch of(OtlpRequest request) {
    return new Batch(request, /* index= */ null, List.of(), List.of());
  }

  /** Returns the same request with what was understood of it. */
  public Batch with(@Nullable RequestIndex found, List<SpanRecord> understood) {
    return new Batch(request, found, understood, List.of());
  }

  /** Returns the same batch with another share of its request. */
  public Batch with(OtlpRequest share) {
    return new Batch(share, index, records, totals);
  }

  /**
   * Returns a batch of some of the spans, see {@link #part(RequestCut, BitSet, Ack)}.
   *
   * @throws MalformedRequestException if the bytes are not a trace request
   */
  public Batch part(BitSet chosen, Ack ack) throws MalformedRequestException {
    return part(RequestCut.ofItems(request.bytes()), chosen, ack);
  }

  /**
   * Returns a batch of some of the spans, as a request of its own whose bytes are copied, so that
   * it keeps nothing else of this request in memory.
   *
   * @param cut of this batch's request
   * @param chosen spans of this batch, by their index from 0; at least one
   * @param ack the part's share of the acknowledgement
   * @throws MalformedRequestException if the bytes are not a trace request
   */
  public Batch part(RequestCut cut, BitSet chosen, Ack ack) throws MalformedRequestException {
    byte[] bytes = cut.cut(chosen).toByteArray();
    OtlpRequest part =
        new OtlpRequest(request.signal(), Slices.of(bytes), chosen.cardinality(), ack);
    List<SpanRecord> partRecords = new ArrayList<>();
    List<SpanTotals> partTotals = new ArrayList<>();
    int record = 0;
    int total = 0;
    int position = 0;
    for (int item = chosen.nextSetBit(0); item >= 0; item = chosen.nextSetBit(item + 1)) {
      while (record < records.size() && records.get(record).item() < item) {
        record++;
      }
      if (record < records.size() && records.get(record).item() == item) {
        partRecords.add(records.get(record).at(position));
      }
      while (total < totals.size() && totals.get(total).item() < item) {
        total++;
      }
      if (total < totals.size() && totals.get(total).item() == item) {
        partTotals.add(totals.get(total).at(position));
      }
      position++;
    }
    RequestIndex all =
        partRecords.isEmpty() && partTotals.isEmpty()
            ? null
            : ALL_SPANS.index(bytes, 0, bytes.length);
    return new Batch(part, all, partRecords, partTotals);
  }

  /**
   * Visits every span of a trace request, whether it is about an LLM or not, in the order of the
   * bytes. Skips spans that cannot be read.
   *
   * @throws MalformedRequestException if the bytes are not a trace request
   */
  public void forEachSpan(SpanVisitor visitor) throws MalformedRequestException {
    if (request.signal() != Signal.TRACES) {
      return;
    }
    byte[] bytes = request.bytes().contiguous();
    RequestIndex all = ALL_SPANS.index(bytes, 0, bytes.length);
    int next = 0;
    int nextTotals = 0;
    try (SpanReader reader = new SpanReader()) {
      for (int item = 0; item < all.size(); item++) {
        SpanRecord record = null;
        if (next < records.size() && records.get(next).item() == item) {
          record = records.get(next++);
        }
        SpanTotals sums = null;
        if (nextTotals < totals.size() && totals.get(nextTotals).item() == item) {
          sums = totals.get(nextTotals++);
        }
        SpanView span;
        try {
          span = new WireSpanView(reader.read(all, item));
        } catch (TooManyValuesException | MalformedRequestException e) {
          continue;
        }
        visitor.visit(span, record, sums);
      }
    }
  }
}
