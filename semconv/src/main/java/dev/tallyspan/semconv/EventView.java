package dev.tallyspan.semconv;

import io.opentelemetry.api.common.Value;
import org.jspecify.annotations.Nullable;

/** Read-only view of one span event. */
public interface EventView {

  /** The event's name; empty if it has none. */
  String name();

  /** Nanoseconds since the epoch; 0 if unknown. */
  long epochNanos();

  /** The event's attributes. */
  AttributeView attributes();

  /** The body, which only log records have; null if there is none. Default: null. */
  default @Nullable Value<?> body() {
    return null;
  }
}
