package dev.tallyspan.semconv;

import io.opentelemetry.api.trace.SpanKind;
import java.util.List;

/**
 * Read-only view of one span, whatever holds it. Nothing may be kept of it, or of what it returns,
 * beyond the call that it was passed to, save strings and values.
 */
public interface SpanView {

  /** The trace id as 32 lowercase hex digits; empty if there is none. */
  String traceId();

  /** The span id as 16 lowercase hex digits; empty if there is none. */
  String spanId();

  /** The parent's span id as 16 lowercase hex digits; empty on a root span. */
  String parentSpanId();

  String name();

  /** The kind; {@code INTERNAL} if unspecified. */
  SpanKind kind();

  /** Nanoseconds since the epoch; 0 if unknown. */
  long startEpochNanos();

  /** Nanoseconds since the epoch; 0 if unknown. */
  long endEpochNanos();

  /** Whether the span's status is ERROR. */
  boolean failed();

  /** The status message; empty if there is none. */
  String statusMessage();

  /** The instrumentation scope's name; empty if there is none. */
  String scopeName();

  /** The instrumentation scope's version; empty if there is none. */
  String scopeVersion();

  AttributeView attributes();

  AttributeView resource();

  List<? extends EventView> events();

  /** Whether attributes or events were dropped before the span was sent, as its counts tell. */
  default boolean lostContent() {
    return false;
  }
}
