package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.AttributeView;
import dev.tallyspan.semconv.EventView;
import dev.tallyspan.semconv.LogView;
import dev.tallyspan.semconv.SpanView;
import dev.tallyspan.semconv.internal.json.Json;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.trace.SpanKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A log record seen as a span with its attributes and with the record as its one event, so that
 * dialects read it as they read spans.
 */
public record LogEvent(LogView log, String name) implements SpanView, EventView {

  private static final String EVENT_NAME = "event.name";

  /**
   * The record with its event's name: from the field for it, or from the attribute that came before
   * there was one.
   */
  public static LogEvent of(LogView log) {
    String name = log.name();
    if (name == null || name.isEmpty()) {
      name = Json.of(log.attributes().get(EVENT_NAME)).text();
    }
    return new LogEvent(log, name == null ? "" : name);
  }

  @Override
  public AttributeView attributes() {
    return log.attributes();
  }

  @Override
  public @Nullable Value<?> body() {
    return log.body();
  }

  @Override
  public List<? extends EventView> events() {
    return List.of(this);
  }

  @Override
  public AttributeView resource() {
    return log.resource();
  }

  @Override
  public String scopeName() {
    return log.scopeName();
  }

  @Override
  public String scopeVersion() {
    return log.scopeVersion();
  }

  @Override
  public String traceId() {
    return log.traceId();
  }

  @Override
  public String spanId() {
    return log.spanId();
  }

  @Override
  public String parentSpanId() {
    return "";
  }

  @Override
  public SpanKind kind() {
    return SpanKind.INTERNAL;
  }

  @Override
  public long epochNanos() {
    return log.epochNanos();
  }

  @Override
  public long startEpochNanos() {
    return log.epochNanos();
  }

  @Override
  public long endEpochNanos() {
    return log.epochNanos();
  }

  @Override
  public boolean failed() {
    return false;
  }

  @Override
  public String statusMessage() {
    return "";
  }
}
