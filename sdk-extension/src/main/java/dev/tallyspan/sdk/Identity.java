package dev.tallyspan.sdk;

import dev.tallyspan.semconv.AttributeView;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds out for an LLM span which session, user and conversation it belongs to: from its local
 * ancestors, nearest first, and then from the baggage that it was started with. What the span
 * states itself is never replaced. Thread-safe.
 */
final class Identity {

  /** Ancestors that are farther away are not asked. */
  private static final int MAX_DEPTH = 64;

  private final List<AttributeKey<String>> inherited;
  private final List<String> fromBaggage;
  private final @Nullable LiveSpans live;

  /**
   * @param inherited keys of attributes of ancestors
   * @param fromBaggage keys of baggage, which become attributes of the same name
   */
  Identity(List<String> inherited, List<String> fromBaggage) {
    this.inherited = inherited.stream().map(AttributeKey::stringKey).toList();
    this.fromBaggage = List.copyOf(fromBaggage);
    this.live = inherited.isEmpty() && fromBaggage.isEmpty() ? null : new LiveSpans();
  }

  boolean isNeeded() {
    return live != null;
  }

  void started(Context parent, ReadWriteSpan span) {
    if (live != null) {
      live.started(parent, span);
    }
  }

  void ended(ReadableSpan span) {
    if (live != null) {
      live.ended(span);
    }
  }

  /**
   * Adds what the span does not have.
   *
   * @param attributes of the span
   */
  void addTo(ReadableSpan span, AttributeView attributes, SdkSpanEdits edits) {
    Context context = live == null ? null : live.contextOf(span);
    if (context == null) {
      return;
    }
    for (AttributeKey<String> key : inherited) {
      if (attributes.get(key.getKey()) == null && !edits.has(key.getKey())) {
        String value = inherited(span, context, key);
        if (value != null) {
          edits.set(key.getKey(), value);
        }
      }
    }
    if (!fromBaggage.isEmpty()) {
      Baggage baggage = Baggage.fromContext(context);
      for (String key : fromBaggage) {
        String value = baggage.getEntryValue(key);
        if (value != null && attributes.get(key) == null && !edits.has(key)) {
          edits.set(key, value);
        }
      }
    }
  }

  private @Nullable String inherited(
      ReadableSpan span, Context startedIn, AttributeKey<String> key) {
    ReadableSpan child = span;
    Context around = startedIn;
    for (int i = 0; i < MAX_DEPTH && live != null; i++) {
      ReadableSpan parent = parent(child, around, live);
      if (parent == null) {
        return null;
      }
      String value = parent.getAttribute(key);
      if (value != null) {
        return value;
      }
      child = parent;
      around = live.contextOf(parent);
    }
    return null;
  }

  /**
   * Returns the parent: from the context, even if it has ended; or by its id, because bridges put
   * spans of their own into the context.
   */
  private static @Nullable ReadableSpan parent(
      ReadableSpan child, @Nullable Context startedIn, LiveSpans live) {
    SpanContext id = child.getParentSpanContext();
    if (!id.isValid() || id.isRemote()) {
      return null;
    }
    if (startedIn != null
        && Span.fromContext(startedIn) instanceof ReadableSpan parent
        && parent.getSpanContext().getSpanId().equals(id.getSpanId())) {
      return parent;
    }
    return live.find(id);
  }
}
