package dev.tallyspan.semconv;

import io.opentelemetry.api.common.Value;
import org.jspecify.annotations.Nullable;

/**
 * Read-only view of one log record: an event that is recorded separately from its span. Valid only
 * during the call that it is passed to: after that, only the strings and values that it returned
 * may still be used.
 */
public interface LogView extends EventView {

  /** The record's field for the event name; empty if it is not set. */
  @Override
  String name();

  /** The body; null if there is none. */
  @Override
  @Nullable Value<?> body();

  /** {@return the trace id as 32 lowercase hex digits; empty if there is none} */
  String traceId();

  /**
   * {@return the id of the span in which the event occurred, as 16 lowercase hex digits; empty if
   * there is none}
   */
  String spanId();

  /** {@return the instrumentation scope's name; empty if there is none} */
  String scopeName();

  /** {@return the instrumentation scope's version; empty if there is none} */
  String scopeVersion();

  /** {@return the attributes of the resource} */
  AttributeView resource();
}
