package dev.tallyspan.api;

import dev.tallyspan.semconv.AttributeView;
import dev.tallyspan.semconv.EventView;
import dev.tallyspan.semconv.SpanView;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import java.util.List;

/** An operation as a span that can be read. */
record OperationView(
    SpanContext ids,
    String name,
    SpanKind kind,
    long startEpochNanos,
    long endEpochNanos,
    boolean failed,
    AttributeView attributes)
    implements SpanView {

  private static final AttributeView NO_RESOURCE = new Facts();

  @Override
  public String traceId() {
    return ids.isValid() ? ids.getTraceId() : "";
  }

  @Override
  public String spanId() {
    return ids.isValid() ? ids.getSpanId() : "";
  }

  @Override
  public String parentSpanId() {
    return "";
  }

  @Override
  public String statusMessage() {
    return "";
  }

  @Override
  public String scopeName() {
    return Tracing.SCOPE;
  }

  @Override
  public String scopeVersion() {
    return "";
  }

  /** Not known to the API; contracts of tenants need the attribute on the span. */
  @Override
  public AttributeView resource() {
    return NO_RESOURCE;
  }

  @Override
  public List<? extends EventView> events() {
    return List.of();
  }
}
