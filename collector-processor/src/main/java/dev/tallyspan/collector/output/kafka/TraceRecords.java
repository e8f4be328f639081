package dev.tallyspan.collector.output.kafka;

import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.RequestCut;
import dev.tallyspan.collector.wire.Slices;
import dev.tallyspan.collector.wire.SpanOutlines;
import dev.tallyspan.collector.wire.TraceId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request cut by its traces. Spans are not decoded, and keep their bytes.
 *
 * @param key the trace id as the Collector writes it, 32 hex digits in lower case; null for spans
 *     without a valid one
 * @param request the spans of the trace, with their resources and scopes
 */
record TraceRecords(byte @Nullable [] key, Slices request) {

  /**
   * Returns the parts of a request, in the order in which their traces begin.
   *
   * @throws MalformedRequestException if it is not a request with spans
   */
  static List<TraceRecords> of(Slices request) throws MalformedRequestException {
    byte[] bytes = request.contiguous();
    SpanOutlines spans = SpanOutlines.of(bytes, 0, bytes.length);
    Map<TraceId, BitSet> traces = new LinkedHashMap<>();
    for (int i = 0; i < spans.size(); i++) {
      traces.computeIfAbsent(spans.traceId(i), id -> new BitSet()).set(i);
    }
    List<TraceRecords> parts = new ArrayList<>();
    if (traces.size() <= 1) {
      TraceId only = traces.isEmpty() ? null : spans.traceId(0);
      parts.add(new TraceRecords(key(only), request));
      return parts;
    }
    RequestCut cut = RequestCut.ofItems(Slices.of(bytes));
    traces.forEach((id, chosen) -> parts.add(new TraceRecords(key(id), cut.cut(chosen))));
    return parts;
  }

  private static byte @Nullable [] key(@Nullable TraceId id) {
    return id == null || !id.isValid() ? null : id.toString().getBytes(StandardCharsets.US_ASCII);
  }
}
