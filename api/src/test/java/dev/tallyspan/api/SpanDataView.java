package dev.tallyspan.api;

import dev.tallyspan.semconv.AttributeView;
import dev.tallyspan.semconv.EventView;
import dev.tallyspan.semconv.SpanView;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.List;

/** An exported span, as a collector would see it. */
record SpanDataView(SpanData span) implements SpanView {

  @Override
  public String traceId() {
    return span.getTraceId();
  }

  @Override
  public String spanId() {
    return span.getSpanId();
  }

  @Override
  public String parentSpanId() {
    return span.getParentSpanContext().isValid() ? span.getParentSpanId() : "";
  }

  @Override
  public String name() {
    return span.getName();
  }

  @Override
  public SpanKind kind() {
    return span.getKind();
  }

  @Override
  public long startEpochNanos() {
    return span.getStartEpochNanos();
  }

  @Override
  public long endEpochNanos() {
    return span.getEndEpochNanos();
  }

  @Override
  public boolean failed() {
    return span.getStatus().getStatusCode() == StatusCode.ERROR;
  }

  @Override
  public String statusMessage() {
    return span.getStatus().getDescription();
  }

  @Override
  public String scopeName() {
    return span.getInstrumentationScopeInfo().getName();
  }

  @Override
  public String scopeVersion() {
    return "";
  }

  @Override
  public AttributeView attributes() {
    return view(span.getAttributes());
  }

  @Override
  public AttributeView resource() {
    return view(span.getResource().getAttributes());
  }

  @Override
  public List<? extends EventView> events() {
    return List.of();
  }

  private static AttributeView view(Attributes attributes) {
    Facts facts = new Facts();
    attributes.forEach((key, value) -> put(facts, key, value));
    return facts;
  }

  @SuppressWarnings("unchecked") // attributes pair a key with a value of its type
  private static void put(Facts facts, AttributeKey<?> key, Object value) {
    facts.put((AttributeKey<Object>) key, value);
  }
}
