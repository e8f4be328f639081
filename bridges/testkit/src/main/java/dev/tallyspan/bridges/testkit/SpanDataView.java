package dev.tallyspan.bridges.testkit;

import dev.tallyspan.semconv.AttributeView;
import dev.tallyspan.semconv.EventView;
import dev.tallyspan.semconv.SpanView;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
    return new Entries(span.getAttributes());
  }

  @Override
  public AttributeView resource() {
    return new Entries(Attributes.empty());
  }

  @Override
  public List<? extends EventView> events() {
    return List.of();
  }

  private record Entries(List<Map.Entry<AttributeKey<?>, Object>> entries)
      implements AttributeView {

    Entries(Attributes attributes) {
      this(List.copyOf(attributes.asMap().entrySet()));
    }

    @Override
    public int size() {
      return entries.size();
    }

    @Override
    public String key(int index) {
      return entries.get(index).getKey().getKey();
    }

    @Override
    public @Nullable Value<?> value(int index) {
      return value(entries.get(index).getValue());
    }

    private static @Nullable Value<?> value(Object value) {
      if (value instanceof String text) {
        return Value.of(text);
      } else if (value instanceof Long number) {
        return Value.of(number);
      } else if (value instanceof Double number) {
        return Value.of(number);
      } else if (value instanceof Boolean truth) {
        return Value.of(truth);
      } else if (value instanceof List<?> list) {
        return Value.of(list.stream().<Value<?>>map(it -> value(it)).toList());
      }
      return null;
    }
  }
}
