package dev.tallyspan.semconv;

import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.trace.SpanKind;
import java.util.List;

/**
 * A log record seen as a span with its attributes and with the record as its one event, so that
 * dialects read it as they read spans.
 */
record LogEvent(LogView log, String name) implements SpanView, EventView {

  private static final String EVENT_NAME = "event.name";

  /** What the names of records begin with that tell of a whole call, tokens included. */
  static final List<String> CALLS =
      List.of("api_request", "claude_code.api_request", "codex.sse_event");

  /**
   * The record with its event's name: from the field for it, or from the attribute that came before
   * there was one.
   */
  static LogEvent of(LogView log) {
    String name = log.name();
    if (name == null || name.isEmpty()) {
      name = Json.of(log.attributes().get(EVENT_NAME)).text();
    }
    return new LogEvent(log, name == null ? "" : name);
  }

  /**
   * Whether the record tells of a whole call: coding agents log each with its tokens, and may send
   * no spans at all.
   */
  boolean isCall() {
    return switch (name) {
      case "api_request", "claude_code.api_request" ->
          scopeName() != null && scopeName().startsWith("com.anthropic.claude_code");
      case "codex.sse_event" ->
          "response.completed".equals(Json.of(attributes().get("event.kind")).text());
      default -> false;
    };
  }

  @Override
  public AttributeView attributes() {
    return log.attributes();
  }

  @Override
  public Value<?> body() {
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
