package dev.tallyspan.benchmarks;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Requests whose spans are numbered, so that a backend sees which of them arrived and how often:
 * the bytes of a load, with other ids each time. Each request is a complete trace, or several of
 * the same size: the first span of a trace is its root and the parent of the others, so that a
 * trace window does not wait for more.
 */
public final class NumberedRequests {

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private record Template(byte[] bytes, int[] traceIds, int[] spanIds, int[] parentIds) {}

  private final int spans;
  private final int spansPerTrace;
  private final List<Template> templates = new ArrayList<>();

  private NumberedRequests(int spans, int spansPerTrace) {
    this.spans = spans;
    this.spansPerTrace = spansPerTrace;
  }

  /**
   * @param spans in each request; the load has at least as many in a resource
   */
  public NumberedRequests(List<TraceLoad> loads, int spans) throws IOException {
    this(spans, spans);
    for (TraceLoad load : loads) {
      templates.add(template(load.batch(spans, /* seed= */ templates.size())));
    }
  }

  /**
   * @param requests each with so many spans, and its root first; all other spans have a parent
   */
  public static NumberedRequests of(List<ExportTraceServiceRequest> requests, int spans)
      throws IOException {
    NumberedRequests numbered = new NumberedRequests(spans, spans);
    for (ExportTraceServiceRequest request : requests) {
      numbered.templates.add(template(request));
    }
    return numbered;
  }

  /**
   * Makes requests of several traces each.
   *
   * @param requests each with one trace of so many spans, and its root first; all other spans have
   *     a parent
   * @param together how many of them, one after the other, become one request
   */
  public static NumberedRequests ofSeveral(
      List<ExportTraceServiceRequest> requests, int spansPerTrace, int together)
      throws IOException {
    NumberedRequests numbered = new NumberedRequests(spansPerTrace * together, spansPerTrace);
    for (int i = 0; i + together <= requests.size(); i += together) {
      ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
      requests.subList(i, i + together).forEach(request::mergeFrom);
      numbered.templates.add(template(request.build()));
    }
    return numbered;
  }

  private static Template template(ExportTraceServiceRequest request) throws IOException {
    ExportTraceServiceRequest.Builder trace = request.toBuilder();
    boolean root = true;
    for (var scope : trace.getResourceSpansBuilder(0).getScopeSpansBuilderList()) {
      for (Span.Builder span : scope.getSpansBuilderList()) {
        if (root) {
          span.clearParentSpanId();
        }
        root = false;
      }
    }
    byte[] bytes = trace.build().toByteArray();
    List<Integer> traceIds = new ArrayList<>();
    List<Integer> spanIds = new ArrayList<>();
    List<Integer> parentIds = new ArrayList<>();
    SpanIds.visit(
        bytes,
        (traceId, spanId, parentId) -> {
          traceIds.add(traceId);
          spanIds.add(spanId);
          parentIds.add(parentId);
        });
    return new Template(
        bytes,
        traceIds.stream().mapToInt(Integer::intValue).toArray(),
        spanIds.stream().mapToInt(Integer::intValue).toArray(),
        parentIds.stream().mapToInt(Integer::intValue).toArray());
  }

  /** Returns how many spans each request has. */
  public int spans() {
    return spans;
  }

  /** Returns the request of this number, as a new array. */
  public byte[] request(long number) {
    Template template = templates.get((int) (number % templates.size()));
    byte[] bytes = template.bytes.clone();
    for (int i = 0; i < template.spanIds.length; i++) {
      LONG.set(bytes, template.traceIds[i], 0x7a11795ba4000000L);
      long root = number * spans + i / spansPerTrace * spansPerTrace + 1;
      LONG.set(bytes, template.traceIds[i] + Long.BYTES, (root - 1) / spansPerTrace + 1);
      LONG.set(bytes, template.spanIds[i], number * spans + i + 1);
      if (i % spansPerTrace > 0) {
        LONG.set(bytes, template.parentIds[i], root);
      }
    }
    return bytes;
  }

  /** Returns the number of a span: that of its request times the spans of a request, and so on. */
  public static long span(byte[] request, int spanId) {
    return (long) LONG.get(request, spanId) - 1;
  }
}
