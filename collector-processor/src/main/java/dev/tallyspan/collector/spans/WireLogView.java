package dev.tallyspan.collector.spans;

import dev.tallyspan.collector.wire.WireLog;
import dev.tallyspan.semconv.AttributeView;
import dev.tallyspan.semconv.LogView;
import io.opentelemetry.api.common.Value;
import org.jspecify.annotations.Nullable;

/**
 * Adapts a log record within the bytes of a request to {@code semconv}. Valid as long as the
 * record.
 */
public record WireLogView(WireLog log) implements LogView {

  @Override
  public String name() {
    return log.eventName();
  }

  @Override
  public long epochNanos() {
    return log.epochNanos() != 0 ? log.epochNanos() : log.observedEpochNanos();
  }

  @Override
  public AttributeView attributes() {
    return new WireAttributeView(log.attributes());
  }

  @Override
  public @Nullable Value<?> body() {
    return log.body().size() == 0 ? null : WireValueReader.read(log.body(), 0);
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
  public String scopeName() {
    return log.scopeName();
  }

  @Override
  public String scopeVersion() {
    return log.scopeVersion();
  }

  @Override
  public AttributeView resource() {
    return new WireAttributeView(log.resource());
  }
}
