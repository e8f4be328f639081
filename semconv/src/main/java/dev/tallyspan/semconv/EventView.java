package dev.tallyspan.semconv;

import io.opentelemetry.api.common.Value;
import org.jspecify.annotations.Nullable;

/** Read-only view of one span event. */
public interface EventView {

  /** The event's name; empty if it has none. */
  String name();

  /** Nanoseconds since the epoch; 0 if unknown. */
  long epochNanos();

  AttributeView attributes();

  /** What the event carries beside its attributes, as only log records do; null if nothing. */
  default @Nullable Value<?> body() {
    return null;
  }
}
