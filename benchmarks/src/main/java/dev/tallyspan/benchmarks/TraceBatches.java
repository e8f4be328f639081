package dev.tallyspan.benchmarks;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.List;

/** Cuts requests into the smaller ones that a single application sends. */
final class TraceBatches {

  private TraceBatches() {}

  /**
   * Returns the spans of the requests in requests of one resource each.
   *
   * @param spans how many spans a request has; what is left over of a resource is left out
   */
  static List<ExportTraceServiceRequest> cut(List<ExportTraceServiceRequest> requests, int spans) {
    List<ExportTraceServiceRequest> batches = new ArrayList<>();
    for (ExportTraceServiceRequest request : requests) {
      for (ResourceSpans resource : request.getResourceSpansList()) {
        cut(resource, spans, batches);
      }
    }
    if (batches.isEmpty()) {
      throw new IllegalArgumentException("spans=" + spans + ": a resource has fewer");
    }
    return batches;
  }

  private static void cut(
      ResourceSpans resource, int spans, List<ExportTraceServiceRequest> batches) {
    ResourceSpans empty = resource.toBuilder().clearScopeSpans().build();
    ResourceSpans.Builder batch = empty.toBuilder();
    int count = 0;
    for (ScopeSpans scope : resource.getScopeSpansList()) {
      ScopeSpans.Builder part = scope.toBuilder().clearSpans();
      for (Span span : scope.getSpansList()) {
        part.addSpans(span);
        count++;
        if (count == spans) {
          batch.addScopeSpans(part);
          batches.add(ExportTraceServiceRequest.newBuilder().addResourceSpans(batch).build());
          batch = empty.toBuilder();
          part.clearSpans();
          count = 0;
        }
      }
      if (part.getSpansCount() > 0) {
        batch.addScopeSpans(part);
      }
    }
  }
}
