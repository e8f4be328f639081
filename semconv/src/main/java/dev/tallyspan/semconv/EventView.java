package dev.tallyspan.semconv;

import io.opentelemetry.api.common.Value;
import org.jspecify.annotations.Nullable;

/** Read-only view of one span event. */
public interface EventView {

  /** {@return the event's name; empty if it has none} */
  String name();

  /** {@return nanoseconds since the epoch; 0 if unknown} */
  long epochNanos();

  /** {@return the event's attributes} */
  AttributeView attributes();

  /** {@return the body, which only log records have; null if there is none} Default: null. */
  default @Nullable Value<?> body() {
    return null;
  }
}
