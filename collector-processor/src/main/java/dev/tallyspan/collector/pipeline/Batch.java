package dev.tallyspan.collector.pipeline;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.spans.WireSpanView;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.RequestIndex;
import dev.tallyspan.collector.wire.SpanReader;
import dev.tallyspan.collector.wire.TooManyValuesException;
import dev.tallyspan.collector.wire.TraceIndexer;
import dev.tallyspan.semconv.SpanView;
import java.util.List;

/**
 * A request and what was understood of it. The bytes are those that came: they are written once, by
 * each output that writes any. Immutable.
 *
 * @param request with this batch's share of the acknowledgement
 * @param index where the items are that {@code records} are about; null if there are none
 * @param records by {@link SpanRecord#item}, ascending
 */
public record Batch(OtlpRequest request, RequestIndex index, List<SpanRecord> records) {

  private static final TraceIndexer ALL_SPANS = TraceIndexer.ofAllSpans();

  /** Looks at the spans of a batch. */
  @FunctionalInterface
  public interface SpanVisitor {

    /**
     * @param span valid during the call
     * @param record what was understood of it; null if it is not about an LLM
     */
    void visit(SpanView span, SpanRecord record);
  }

  public Batch {
    requireNonNull(request, "request");
    records = List.copyOf(records);
    if (!records.isEmpty()) {
      requireNonNull(index, "index");
    }
  }

  /** A request of which nothing has been understood yet. */
  public static Batch of(OtlpRequest request) {
    return new Batch(request, /* index= */ null, List.of());
  }

  /** The same request, understood. */
  public Batch with(RequestIndex found, List<SpanRecord> understood) {
    return new Batch(request, found, understood);
  }

  /** The same batch with a further share of the acknowledgement. */
  public Batch retain() {
    return new Batch(request.retain(), index, records);
  }

  /**
   * Shows every span of a trace request, whether it is about an LLM or not, in the order of the
   * bytes. A span that cannot be read is left out.
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
    try (SpanReader reader = new SpanReader()) {
      for (int item = 0; item < all.size(); item++) {
        SpanRecord record = null;
        if (next < records.size() && records.get(next).item() == item) {
          record = records.get(next++);
        }
        SpanView span;
        try {
          span = new WireSpanView(reader.read(all, item));
        } catch (TooManyValuesException | MalformedRequestException e) {
          continue;
        }
        visitor.visit(span, record);
      }
    }
  }
}
