package dev.tallyspan.semconv;

import io.opentelemetry.api.common.Value;
import org.jspecify.annotations.Nullable;

/**
 * Read-only view of one log record, whatever holds it: an event that happens to be kept apart from
 * its span. Nothing may be kept of it, or of what it returns, beyond the call that it was passed
 * to, save strings and values.
 */
public interface LogView extends EventView {

  /** The record's own field for the event's name; empty if it is not set. */
  @Override
  String name();

  /** The body; null if there is none. */
  @Override
  @Nullable Value<?> body();

  /** The trace id as 32 lowercase hex digits; empty if there is none. */
  String traceId();

  /** The id of the span that it happened in as 16 lowercase hex digits; empty if there is none. */
  String spanId();

  /** The instrumentation scope's name; empty if there is none. */
  String scopeName();

  /** The instrumentation scope's version; empty if there is none. */
  String scopeVersion();

  AttributeView resource();
}
