package dev.tallyspan.sdk;

import dev.tallyspan.semconv.AttributeView;
import dev.tallyspan.semconv.LogView;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/** Adapts a log record of the SDK for the dialects. Not thread-safe. */
final class SdkLogView implements LogView {

  private static final AttributeKey<String> EVENT_NAME = AttributeKey.stringKey("event.name");
  private static final String PREFIX = "gen_ai.";

  /** Null before OpenTelemetry 1.50, where an attribute has the name. */
  private static final @Nullable MethodHandle GET_EVENT_NAME = getEventName();

  private final LogRecordData log;
  private @Nullable AttributeView attributes;
  private @Nullable AttributeView resource;

  SdkLogView(LogRecordData log) {
    this.log = log;
  }

  /** Whether the name is one of the conventions' for generative AI. */
  boolean mayHaveMessages() {
    String name = name();
    if (name.isEmpty()) {
      String attribute = log.getAttributes().get(EVENT_NAME);
      name = attribute == null ? "" : attribute;
    }
    return name.startsWith(PREFIX);
  }

  @Override
  public String name() {
    String name = eventName(log);
    return name == null ? "" : name;
  }

  /** Returns the name of the event; null if there is none, or if the SDK's records have none. */
  static @Nullable String eventName(LogRecordData log) {
    if (GET_EVENT_NAME == null) {
      return null;
    }
    try {
      return (String) GET_EVENT_NAME.invokeExact(log);
    } catch (Throwable t) {
      return null;
    }
  }

  @Override
  public long epochNanos() {
    long time = log.getTimestampEpochNanos();
    return time != 0 ? time : log.getObservedTimestampEpochNanos();
  }

  @Override
  public @Nullable Value<?> body() {
    return log.getBodyValue();
  }

  @Override
  public AttributeView attributes() {
    if (attributes == null) {
      attributes = new SdkAttributes(log.getAttributes());
    }
    return attributes;
  }

  @Override
  public String traceId() {
    return log.getSpanContext().isValid() ? log.getSpanContext().getTraceId() : "";
  }

  @Override
  public String spanId() {
    return log.getSpanContext().isValid() ? log.getSpanContext().getSpanId() : "";
  }

  @Override
  public String scopeName() {
    return log.getInstrumentationScopeInfo().getName();
  }

  @Override
  public String scopeVersion() {
    String version = log.getInstrumentationScopeInfo().getVersion();
    return version == null ? "" : version;
  }

  @Override
  public AttributeView resource() {
    if (resource == null) {
      resource = new SdkAttributes(log.getResource().getAttributes());
    }
    return resource;
  }

  private static @Nullable MethodHandle getEventName() {
    try {
      return MethodHandles.publicLookup()
          .findVirtual(LogRecordData.class, "getEventName", MethodType.methodType(String.class));
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }
}
