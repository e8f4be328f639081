package dev.tallyspan.sdk;

import dev.tallyspan.semconv.read.LogJoin;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.logs.LogRecordProcessor;
import io.opentelemetry.sdk.logs.ReadWriteLogRecord;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the events with which instrumentations record messages apart from their span, until the
 * span ends. A record is neither changed nor held back: it also goes to the exporters of logs.
 *
 * <p>Messages arrive here only if the instrumentation captures them, which is off by default
 * ({@code otel.instrumentation.genai.capture-message-content}). Without that, its events have
 * roles, the names of tools and finish reasons, and no content.
 *
 * <p>The only class, with {@link SdkLogView}, that links the SDK's logs, which may be absent.
 */
final class MessageEvents implements LogRecordProcessor {

  private final Supplier<@Nullable LogJoin> join;

  private MessageEvents(Supplier<@Nullable LogJoin> join) {
    this.join = join;
  }

  static LogRecordProcessor processor(Supplier<@Nullable LogJoin> join) {
    return new MessageEvents(join);
  }

  @Override
  public void onEmit(Context context, ReadWriteLogRecord record) {
    try {
      // Most records are of no span, or of one that is not recorded.
      Span span = Span.fromContext(context);
      LogJoin kept = span.isRecording() ? join.get() : null;
      if (kept != null) {
        SpanContext of = span.getSpanContext();
        SdkLogView log = new SdkLogView(record.toLogRecordData());
        if (log.mayHaveMessages() && log.spanId().equals(of.getSpanId())) {
          kept.keep(log);
        }
      }
    } catch (Throwable t) {
      // A record that cannot be read is not joined; it must not affect the application.
    }
  }

  @Override
  public String toString() {
    return "MessageEvents{}";
  }
}
