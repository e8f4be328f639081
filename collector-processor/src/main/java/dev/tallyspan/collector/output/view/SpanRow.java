package dev.tallyspan.collector.output.view;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.pipeline.SpanRecord;
import dev.tallyspan.semconv.AttributeView;
import dev.tallyspan.semconv.SpanView;
import io.opentelemetry.api.common.Value;
import org.jspecify.annotations.Nullable;

/**
 * The part of a span that the viewer needs.
 *
 * @param traceId 32 lowercase hex digits; empty if unknown
 * @param spanId 16 lowercase hex digits; empty if unknown
 * @param parentSpanId 16 lowercase hex digits; empty on a root span
 * @param name the span's name; empty if it has none
 * @param startNanos nanoseconds since the epoch; 0 if unknown
 * @param endNanos nanoseconds since the epoch; 0 if unknown
 * @param error whether the span's status is ERROR
 * @param errorType the class of the error; empty if unknown
 * @param statusMessage the status message; empty if there is none
 * @param serviceName the resource's {@code service.name}; empty if it has none
 * @param user the user of the span; empty if unknown
 * @param session the session or conversation of the span; empty if unknown
 * @param llm the LLM facts of the span; {@link LlmFacts#NONE} if it is not about an LLM
 */
public record SpanRow(
    String traceId,
    String spanId,
    String parentSpanId,
    String name,
    long startNanos,
    long endNanos,
    boolean error,
    String errorType,
    String statusMessage,
    String serviceName,
    String user,
    String session,
    LlmFacts llm) {

  public SpanRow {
    requireNonNull(traceId, "traceId");
    requireNonNull(spanId, "spanId");
    requireNonNull(parentSpanId, "parentSpanId");
    requireNonNull(name, "name");
    requireNonNull(errorType, "errorType");
    requireNonNull(statusMessage, "statusMessage");
    requireNonNull(serviceName, "serviceName");
    requireNonNull(user, "user");
    requireNonNull(session, "session");
    requireNonNull(llm, "llm");
  }

  /**
   * Returns the row of a span.
   *
   * @param record null if the span is not about an LLM
   */
  static SpanRow of(SpanView span, @Nullable SpanRecord record) {
    AttributeView attributes = span.attributes();
    String user = record == null ? null : record.llm().userId();
    String session = record == null ? null : record.llm().sessionId();
    String conversation = record == null ? null : record.llm().conversationId();
    String errorType = record == null ? null : record.llm().errorType();
    return new SpanRow(
        span.traceId(),
        span.spanId(),
        span.parentSpanId(),
        span.name(),
        span.startEpochNanos(),
        span.endEpochNanos(),
        span.failed(),
        first(errorType, text(attributes, "error.type")),
        span.statusMessage(),
        text(span.resource(), "service.name"),
        first(user, text(attributes, "user.id"), text(attributes, "enduser.id")),
        first(session, text(attributes, "session.id"), conversation),
        record == null ? LlmFacts.NONE : LlmFacts.of(record, span));
  }

  /**
   * Returns the nanoseconds from start to end; 0 if one is unknown or the end is before the start.
   */
  public long durationNanos() {
    return startNanos > 0 && endNanos > startNanos ? endNanos - startNanos : 0;
  }

  /** Shows only the ids: the status message and the facts may contain personal data. */
  @Override
  public String toString() {
    return "SpanRow[traceId=" + traceId + ", spanId=" + spanId + "]";
  }

  private static String text(AttributeView attributes, String key) {
    Value<?> value = attributes.get(key);
    return value != null && value.getValue() instanceof String text ? text : "";
  }

  private static String first(@Nullable String... texts) {
    for (String text : texts) {
      if (text != null && !text.isEmpty()) {
        return text;
      }
    }
    return "";
  }
}
