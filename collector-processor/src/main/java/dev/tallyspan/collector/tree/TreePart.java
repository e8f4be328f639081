package dev.tallyspan.collector.tree;

import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.pipeline.ItemCursor;
import dev.tallyspan.collector.pipeline.SpanRecord;
import dev.tallyspan.collector.spans.WireSpanView;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.SpanOutlines;
import dev.tallyspan.collector.wire.SpanReader;
import dev.tallyspan.collector.wire.TooManyValuesException;
import dev.tallyspan.semconv.SpanView;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A request with spans of the traces.
 *
 * @param spans all spans of the request, in order
 */
record TreePart(Batch batch, SpanOutlines outlines, List<TreeSpan> spans) {

  private static final String LOGFIRE_SPAN_TYPE = "logfire.span_type";
  private static final String PENDING = "pending_span";

  /** Returns null if the bytes are not a trace request. */
  static @Nullable TreePart of(Batch batch) {
    SpanOutlines outlines;
    try {
      outlines = batch.outlines();
    } catch (MalformedRequestException e) {
      return null;
    }
    List<TreeSpan> spans = new ArrayList<>(outlines.size());
    ItemCursor<SpanRecord> records = batch.recordsByItem();
    for (int item = 0; item < outlines.size(); item++) {
      spans.add(new TreeSpan(outlines, item, records.at(item)));
    }
    return new TreePart(batch, outlines, spans);
  }

  /** Reads each span that can be read. The view is valid only during the call. */
  void forEach(BiConsumer<TreeSpan, SpanView> visitor) {
    try (SpanReader reader = new SpanReader()) {
      for (TreeSpan span : spans) {
        SpanView view;
        try {
          view = new WireSpanView(reader.read(outlines.index(), span.item));
        } catch (TooManyValuesException | MalformedRequestException e) {
          continue;
        }
        visitor.accept(span, view);
      }
    }
  }

  /** Returns the spans that Logfire sent when a span started. */
  List<TreeSpan> pendingSpans() {
    List<TreeSpan> pending = new ArrayList<>();
    forEach(
        (span, view) -> {
          Value<?> type = view.attributes().get(LOGFIRE_SPAN_TYPE);
          if (type != null && PENDING.equals(type.getValue())) {
            pending.add(span);
          }
        });
    return pending;
  }
}
