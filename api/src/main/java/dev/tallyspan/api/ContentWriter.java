package dev.tallyspan.api;

import dev.tallyspan.api.ContentCapture.Kind;
import dev.tallyspan.semconv.ContentFormat;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.Messages;
import dev.tallyspan.semconv.ValueSupport;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.trace.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes content on spans, as far as it is captured. Thread-safe. */
final class ContentWriter {

  private final ContentCapture capture;
  private final boolean structured;

  ContentWriter(ContentCapture capture, ContentFormat format) {
    this.capture = capture;
    structured = format == ContentFormat.STRUCTURED && ValueSupport.ofAttributes();
  }

  boolean captures(Kind kind) {
    return capture.captures(kind);
  }

  void messages(Span span, String key, Kind kind, List<Message> messages) {
    if (messages.isEmpty() || !span.isRecording() || !captures(kind)) {
      return;
    }
    List<Message> kept = capture.messages(kind, messages);
    if (kept != null && !kept.isEmpty()) {
      write(span, key, Messages.toValue(kept));
    }
  }

  void parts(Span span, String key, Kind kind, List<MessagePart> parts) {
    if (parts.isEmpty() || !span.isRecording() || !captures(kind)) {
      return;
    }
    List<MessagePart> kept = capture.parts(kind, parts);
    if (kept != null && !kept.isEmpty()) {
      write(span, key, Messages.partsToValue(kept));
    }
  }

  void value(Span span, String key, Kind kind, @Nullable Value<?> value) {
    if (value == null || !span.isRecording() || !captures(kind)) {
      return;
    }
    Value<?> kept = capture.value(kind, value);
    if (kept != null) {
      write(span, key, kept);
    }
  }

  void text(Span span, String key, Kind kind, @Nullable String text) {
    String kept = span.isRecording() ? text(kind, text) : null;
    if (kept != null) {
      span.setAttribute(key, kept);
    }
  }

  /** Returns the text to write, or null if it is not captured. */
  @Nullable String text(Kind kind, @Nullable String text) {
    return text == null || !captures(kind) ? null : capture.text(kind, text);
  }

  private void write(Span span, String key, Value<?> value) {
    if (structured) {
      span.setAttribute(ValueSupport.key(key), value);
    } else if (value.getValue() instanceof String text) {
      span.setAttribute(key, text);
    } else {
      span.setAttribute(key, ValueSupport.toJson(value));
    }
  }
}
