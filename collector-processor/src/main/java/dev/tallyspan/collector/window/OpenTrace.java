package dev.tallyspan.collector.window;

import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.pipeline.SpanRecord;
import dev.tallyspan.collector.wire.TraceId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** A trace with spans that are held, or of which forwarded spans are remembered. */
final class OpenTrace {

  final TraceId id;

  /** The spans that are held. */
  final List<HeldSpan> held = new ArrayList<>();

  /** The spans that were forwarded, without their content, by their ids. */
  private final Map<Long, TraceSpan> remembered = new LinkedHashMap<>();

  long firstNanos;
  long lastNanos;

  private final Set<Long> ids = new HashSet<>();
  private final Set<Long> missingParents = new HashSet<>();
  private boolean hasRoot;

  /** A span with the request that it is in. */
  record HeldSpan(TraceSpan span, HeldRequest request) {}

  OpenTrace(TraceId id) {
    this.id = id;
  }

  void add(TraceSpan span, HeldRequest request, long now) {
    if (held.isEmpty()) {
      firstNanos = now;
    }
    lastNanos = now;
    held.add(new HeldSpan(span, request));
    ids.add(span.id);
    missingParents.remove(span.id);
    if (span.parentId == 0) {
      hasRoot = true;
    } else if (!ids.contains(span.parentId)) {
      missingParents.add(span.parentId);
    }
  }

  /** Whether the root has ended and every parent is known, so that most likely nothing follows. */
  boolean isComplete() {
    return hasRoot && missingParents.isEmpty();
  }

  /**
   * Returns the spans to decide about and those that were decided before. Of a span that was sent
   * again, only the new one is returned.
   */
  List<TraceSpan> spans(BiFunction<Batch, SpanRecord, SpanRecord> rereading) {
    Map<Long, TraceSpan> before = new LinkedHashMap<>(remembered);
    List<TraceSpan> spans = new ArrayList<>(held.size() + remembered.size());
    for (HeldSpan each : held) {
      TraceSpan span = each.span();
      if (span.record != null) {
        span.reread(rereading.apply(each.request().batch, span.record));
      }
      TraceSpan earlier = before.get(span.id);
      if (earlier != null && span.isSentAgain(earlier)) {
        span.decideAs(earlier);
        before.remove(span.id);
      }
      spans.add(span);
    }
    spans.addAll(before.values());
    return spans;
  }

  /** Whether spans of the trace have been forwarded before. */
  boolean isKnown() {
    return !remembered.isEmpty();
  }

  /** The spans that were forwarded. */
  Collection<TraceSpan> remembered() {
    return remembered.values();
  }

  /**
   * Turns what is held into what is remembered. Of several states of a span, the last one is.
   *
   * @param forgotten receives the others
   */
  void forwarded(Consumer<TraceSpan> forgotten) {
    for (HeldSpan each : held) {
      TraceSpan span = each.span();
      TraceSpan before = remembered.get(span.id);
      if (before == null || !span.isEarlierState()) {
        remembered.put(span.id, span);
        if (before != null) {
          forgotten.accept(before);
        }
      } else {
        forgotten.accept(span);
      }
    }
    held.clear();
  }
}
