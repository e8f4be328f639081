package dev.tallyspan.sdk;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadableSpan;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** The spans that have started and not ended, with the context of each. Thread-safe. */
final class LiveSpans {

  /*
   * A span knows the id of its parent, not its parent, so identity could not be found beyond one
   * step. Every span of an application is registered here and removed, so both must be quick and
   * allocate nothing: a table of fixed size with room for a span at any of a few neighbouring
   * positions, chosen by the hash of its id, which the id's string keeps.
   *
   * Ids are random, so positions fill unevenly. With a thousand live spans a group of 16 positions
   * holds two on average, and that any group needs a 17th has a probability of 2e-8; with groups of
   * four it would happen once in four times. A group is one or two cache lines of references.
   *
   * A span that finds no room is not registered; nothing is ever displaced, because then a span
   * could be paired with the context of another one. Spans that are never ended keep their place:
   * at most SIZE of them, for as long as the process runs.
   *
   * The span is stored before its context, and removed after it. Whoever sees a span with a null
   * context came in between and treats it as not registered.
   */

  private static final int SIZE = 8192;
  private static final int WAYS = 16;

  private final AtomicReferenceArray<@Nullable ReadableSpan> spans =
      new AtomicReferenceArray<>(SIZE);
  private final AtomicReferenceArray<@Nullable Context> contexts = new AtomicReferenceArray<>(SIZE);

  /** Registers a span, unless there is no room. */
  void started(Context parent, ReadableSpan span) {
    int first = position(span.getSpanContext());
    for (int i = first; i < first + WAYS; i++) {
      if (spans.get(i) == null && spans.compareAndSet(i, null, span)) {
        contexts.setRelease(i, parent);
        return;
      }
    }
  }

  void ended(ReadableSpan span) {
    int at = find(span);
    if (at >= 0) {
      contexts.setRelease(at, null);
      spans.setRelease(at, null);
    }
  }

  /** Returns the context that a span was started in; null if it is not registered. */
  @Nullable Context contextOf(ReadableSpan span) {
    int at = find(span);
    return at < 0 ? null : contexts.getAcquire(at);
  }

  /** Returns the span with this context; null if it is not registered. */
  @Nullable ReadableSpan find(SpanContext id) {
    int first = position(id);
    for (int i = first; i < first + WAYS; i++) {
      ReadableSpan span = spans.getAcquire(i);
      if (span != null
          && span.getSpanContext().getSpanId().equals(id.getSpanId())
          && span.getSpanContext().getTraceId().equals(id.getTraceId())) {
        return span;
      }
    }
    return null;
  }

  private int find(ReadableSpan span) {
    int first = position(span.getSpanContext());
    for (int i = first; i < first + WAYS; i++) {
      if (spans.getAcquire(i) == span) {
        return i;
      }
    }
    return -1;
  }

  private static int position(SpanContext id) {
    int hash = id.getSpanId().hashCode();
    return (hash ^ hash >>> 15) & SIZE - 1 & -WAYS;
  }
}
