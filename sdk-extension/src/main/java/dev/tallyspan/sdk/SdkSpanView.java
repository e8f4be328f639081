package dev.tallyspan.sdk;

import dev.tallyspan.semconv.AttributeView;
import dev.tallyspan.semconv.EventView;
import dev.tallyspan.semconv.SpanView;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Adapts a span of the SDK for the dialects. Its attributes are a snapshot; everything that
 * requires a copy of the span is loaded on first use. Not thread-safe.
 */
final class SdkSpanView implements SpanView {

  private final ReadableSpan span;
  private final AttributeView attributes;
  private @Nullable SpanData data;
  private @Nullable AttributeView resource;
  private @Nullable List<SdkEventView> events;

  SdkSpanView(ReadableSpan span, Attributes attributes) {
    this.span = span;
    this.attributes = new SdkAttributes(attributes);
  }

  @Override
  public String traceId() {
    return span.getSpanContext().getTraceId();
  }

  @Override
  public String spanId() {
    return span.getSpanContext().getSpanId();
  }

  @Override
  public String parentSpanId() {
    var parent = span.getParentSpanContext();
    return parent.isValid() ? parent.getSpanId() : "";
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
    return data().getStartEpochNanos();
  }

  @Override
  public long endEpochNanos() {
    return data().getEndEpochNanos();
  }

  @Override
  public boolean failed() {
    return data().getStatus().getStatusCode() == StatusCode.ERROR;
  }

  @Override
  public String statusMessage() {
    return data().getStatus().getDescription();
  }

  @Override
  public String scopeName() {
    return span.getInstrumentationScopeInfo().getName();
  }

  @Override
  public String scopeVersion() {
    String version = span.getInstrumentationScopeInfo().getVersion();
    return version == null ? "" : version;
  }

  @Override
  public AttributeView attributes() {
    return attributes;
  }

  @Override
  public AttributeView resource() {
    if (resource == null) {
      resource = new SdkAttributes(data().getResource().getAttributes());
    }
    return resource;
  }

  @Override
  public List<? extends EventView> events() {
    if (events == null) {
      events = data().getEvents().stream().map(SdkEventView::new).toList();
    }
    return events;
  }

  private SpanData data() {
    if (data == null) {
      data = span.toSpanData();
    }
    return data;
  }

  private static final class SdkEventView implements EventView {

    private final EventData event;
    private @Nullable AttributeView attributes;

    SdkEventView(EventData event) {
      this.event = event;
    }

    @Override
    public String name() {
      return event.getName();
    }

    @Override
    public long epochNanos() {
      return event.getEpochNanos();
    }

    @Override
    public AttributeView attributes() {
      if (attributes == null) {
        attributes = new SdkAttributes(event.getAttributes());
      }
      return attributes;
    }
  }
}
