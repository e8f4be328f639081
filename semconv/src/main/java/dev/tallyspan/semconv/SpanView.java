package dev.tallyspan.semconv;

import io.opentelemetry.api.trace.SpanKind;
import java.util.List;

/**
 * Read-only view of one span, regardless of where it is stored. Valid only during the call that it
 * is passed to: after that, only the strings and values that it returned may still be used.
 */
public interface SpanView {

  /** {@return the trace id as 32 lowercase hex digits; empty if there is none} */
  String traceId();

  /** {@return the span id as 16 lowercase hex digits; empty if there is none} */
  String spanId();

  /** {@return the parent's span id as 16 lowercase hex digits; empty on a root span} */
  String parentSpanId();

  /** {@return the span's name} */
  String name();

  /** {@return the kind; {@code INTERNAL} if unspecified} */
  SpanKind kind();

  /** {@return nanoseconds since the epoch; 0 if unknown} */
  long startEpochNanos();

  /** {@return nanoseconds since the epoch; 0 if unknown} */
  long endEpochNanos();

  /** {@return whether the span's status is ERROR} */
  boolean failed();

  /** {@return the status message; empty if there is none} */
  String statusMessage();

  /** {@return the instrumentation scope's name; empty if there is none} */
  String scopeName();

  /** {@return the instrumentation scope's version; empty if there is none} */
  String scopeVersion();

  /** {@return the span's attributes} */
  AttributeView attributes();

  /** {@return the attributes of the resource} */
  AttributeView resource();

  /** {@return the span's events; empty if there are none} */
  List<? extends EventView> events();

  /**
   * {@return whether attributes or events were dropped before the span was sent, according to its
   * dropped counts} Default: false.
   */
  default boolean lostContent() {
    return false;
  }
}
