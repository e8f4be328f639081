package dev.tallyspan.collector.view;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.Map;

/**
 * One decoded span, as far as a viewer needs it.
 *
 * @param traceId 32 lowercase hex digits; empty if unknown
 * @param spanId 16 lowercase hex digits; empty if unknown
 * @param parentSpanId 16 lowercase hex digits; empty on a root span
 * @param name the span's name; empty if it has none
 * @param startNanos nanoseconds since the epoch; 0 if unknown
 * @param endNanos nanoseconds since the epoch; 0 if unknown
 * @param error whether the span's status is ERROR
 * @param statusMessage the status message; empty if there is none
 * @param serviceName the resource's {@code service.name}; empty if it has none
 * @param attributes the span's attributes; a value is a String, Long, Double, Boolean, byte[], List
 *     or Map of these, or null. Not copied: must not change any more
 */
public record SpanRow(
    String traceId,
    String spanId,
    String parentSpanId,
    String name,
    long startNanos,
    long endNanos,
    boolean error,
    String statusMessage,
    String serviceName,
    Map<String, Object> attributes) {

  public SpanRow {
    requireNonNull(traceId, "traceId");
    requireNonNull(spanId, "spanId");
    requireNonNull(parentSpanId, "parentSpanId");
    requireNonNull(name, "name");
    requireNonNull(statusMessage, "statusMessage");
    requireNonNull(serviceName, "serviceName");
    attributes = Collections.unmodifiableMap(attributes);
  }

  /** Nanoseconds from start to end; 0 if either is unknown or the end is before the start. */
  public long durationNanos() {
    return startNanos > 0 && endNanos > startNanos ? endNanos - startNanos : 0;
  }

  /** Names the span alone: attributes and status message may hold personal data. */
  @Override
  public String toString() {
    return "SpanRow[traceId=" + traceId + ", spanId=" + spanId + "]";
  }
}
