package dev.tallyspan.sdk;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.trace.ReadableSpan;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The sums of spans that have not ended yet. Thread-safe. */
final class PendingSums {

  /*
   * Children end before their parents. So no tree is needed: when a span ends, what its children
   * left under its id is complete, and the span leaves that and itself under the id of its parent.
   * Only spans with an LLM call below them ever have an entry; every other span asks an empty or
   * small map, which allocates nothing.
   *
   * What a child leaves after its parent has ended stays until it is the oldest of MAX_SPANS.
   * Entries are removed in the order in which they were made; those that were taken regularly are
   * skipped, and swept from the queue when they are many.
   */

  static final int MAX_SPANS = 10_000;

  private static final class Entry {
    final String spanId;
    final String traceId;
    final SpanSums sums = new SpanSums();
    volatile boolean gone;

    Entry(SpanContext span) {
      spanId = span.getSpanId();
      traceId = span.getTraceId();
    }
  }

  private final ConcurrentHashMap<String, Entry> bySpan = new ConcurrentHashMap<>();

  /** In the order in which they were made; guarded by itself. */
  private final Deque<Entry> order = new ArrayDeque<>();

  /** Returns and removes what the children of a span have left; null if they left nothing. */
  @Nullable SpanSums take(ReadableSpan span) {
    SpanContext id = span.getSpanContext();
    Entry entry = bySpan.isEmpty() ? null : bySpan.get(id.getSpanId());
    if (entry == null || !entry.traceId.equals(id.getTraceId())) {
      return null;
    }
    bySpan.remove(id.getSpanId(), entry);
    synchronized (entry) {
      entry.gone = true;
      return entry.sums;
    }
  }

  /**
   * Leaves sums for the parent of a span. Does nothing if there is no parent in this process.
   *
   * @return whether nothing that was left by others had to be given up
   */
  boolean leave(ReadableSpan span, SpanSums sums) {
    SpanContext parent = span.getParentSpanContext();
    if (!parent.isValid() || parent.isRemote()) {
      return true;
    }
    boolean complete = true;
    while (true) {
      Entry entry = bySpan.get(parent.getSpanId());
      if (entry == null) {
        Entry made = new Entry(parent);
        entry = bySpan.putIfAbsent(parent.getSpanId(), made);
        if (entry == null) {
          entry = made;
          complete = queued(made);
        }
      }
      synchronized (entry) {
        if (!entry.gone) {
          entry.sums.add(sums);
          return complete;
        }
      }
      bySpan.remove(parent.getSpanId(), entry); // taken in between: start anew
    }
  }

  private boolean queued(Entry made) {
    synchronized (order) {
      order.addLast(made);
      if (order.size() <= MAX_SPANS) {
        return true;
      }
      order.removeIf(entry -> entry.gone);
      if (order.size() <= MAX_SPANS) {
        return true;
      }
      Entry oldest = order.removeFirst();
      bySpan.remove(oldest.spanId, oldest);
      return false;
    }
  }

  /** The number of spans with an entry. */
  int size() {
    return bySpan.size();
  }
}
