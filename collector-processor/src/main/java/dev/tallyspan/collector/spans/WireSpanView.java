package dev.tallyspan.collector.spans;

import dev.tallyspan.collector.wire.WireEvent;
import dev.tallyspan.collector.wire.WireSpan;
import dev.tallyspan.semconv.AttributeView;
import dev.tallyspan.semconv.EventView;
import dev.tallyspan.semconv.SpanView;
import io.opentelemetry.api.trace.SpanKind;
import java.util.AbstractList;
import java.util.List;

/** Adapts a span within the bytes of a request to {@code semconv}. Valid as long as the span. */
public record WireSpanView(WireSpan span) implements SpanView {

  private static final int STATUS_ERROR = 2;

  @Override
  public String traceId() {
    return span.traceId();
  }

  @Override
  public String spanId() {
    return span.spanId();
  }

  @Override
  public String parentSpanId() {
    return span.parentSpanId();
  }

  @Override
  public String name() {
    return span.name();
  }

  @Override
  public SpanKind kind() {
    return switch (span.kind()) {
      case 2 -> SpanKind.SERVER;
      case 3 -> SpanKind.CLIENT;
      case 4 -> SpanKind.PRODUCER;
      case 5 -> SpanKind.CONSUMER;
      default -> SpanKind.INTERNAL;
    };
  }

  @Override
  public long startEpochNanos() {
    return span.startEpochNanos();
  }

  @Override
  public long endEpochNanos() {
    return span.endEpochNanos();
  }

  @Override
  public boolean failed() {
    return span.statusCode() == STATUS_ERROR;
  }

  @Override
  public String statusMessage() {
    return span.statusMessage();
  }

  @Override
  public String scopeName() {
    return span.scopeName();
  }

  @Override
  public String scopeVersion() {
    return span.scopeVersion();
  }

  @Override
  public AttributeView attributes() {
    return new WireAttributeView(span.attributes());
  }

  @Override
  public AttributeView resource() {
    return new WireAttributeView(span.resource());
  }

  @Override
  public List<? extends EventView> events() {
    return new AbstractList<EventView>() {
      @Override
      public EventView get(int index) {
        return new WireEventView(span.event(index));
      }

      @Override
      public int size() {
        return span.eventCount();
      }
    };
  }

  @Override
  public boolean lostContent() {
    return span.dropped();
  }

  private record WireEventView(WireEvent event) implements EventView {

    @Override
    public String name() {
      return event.name();
    }

    @Override
    public long epochNanos() {
      return event.epochNanos();
    }

    @Override
    public AttributeView attributes() {
      return new WireAttributeView(event.attributes());
    }
  }
}
