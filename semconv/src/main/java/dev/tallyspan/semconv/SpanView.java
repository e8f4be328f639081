package dev.tallyspan.semconv;

import io.opentelemetry.api.trace.SpanKind;
import java.util.List;

/**
 * Read-only view of one span, regardless of where it is stored. Valid only during the call that it
 * is passed to: after that, only the strings and values that it returned may still be used.
 */
public interface SpanView {

  /** The trace id as 32 lowercase hex digits; empty if there is none. */
  String traceId();

  /** The span id as 16 lowercase hex digits; empty if there is none. */
  String spanId();

  /** The parent's span id as 16 lowercase hex digits; empty on a root span. */
  String parentSpanId();

  /** The span's name. */
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

  /** The span's attributes. */
  AttributeView attributes();

  /** The attributes of the resource. */
  AttributeView resource();

  /** The span's events; empty if there are none. */
  List<? extends EventView> events();

  /**
   * Whether attributes or events were dropped before the span was sent, according to its dropped
   * counts. Default: false.
   */
  default boolean lostContent() {
    return false;
  }
}
