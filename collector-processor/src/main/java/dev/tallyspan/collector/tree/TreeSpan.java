package dev.tallyspan.collector.tree;

import dev.tallyspan.collector.pipeline.SpanRecord;
import dev.tallyspan.collector.wire.SpanOutlines;
import dev.tallyspan.collector.wire.TraceId;
import dev.tallyspan.semconv.span.Cost;
import org.jspecify.annotations.Nullable;

/** A span in the requests of a step, and what becomes of it. Not thread-safe. */
final class TreeSpan {

  /** Null if the span has no valid trace id. */
  final @Nullable TraceId trace;

  /** 0 if there is none. */
  final long id;

  /** 0 for a root. */
  final long parentId;

  /** Nanoseconds since the epoch; 0 if unknown. */
  final long start;

  final long end;

  /** The position among the spans of its request. */
  final int item;

  /** Null if the span is not about an LLM. */
  final @Nullable SpanRecord record;

  /** Why the span is left out; null if it stays. */
  @Nullable Removal removed;

  /** The parent once others are left out. */
  long newParentId;

  TreeSpan(SpanOutlines outlines, int item, @Nullable SpanRecord record) {
    this.trace = outlines.trace(item);
    this.id = outlines.spanId(item);
    this.parentId = outlines.parentSpanId(item);
    this.start = outlines.startEpochNanos(item);
    this.end = outlines.endEpochNanos(item);
    this.item = item;
    this.record = record;
    this.newParentId = parentId;
  }

  boolean isKept() {
    return removed == null;
  }

  boolean isAboutLlm() {
    return record != null;
  }

  boolean is(Cost.Status status) {
    return record != null && record.cost().status() == status;
  }

  boolean isBilled() {
    return record != null && record.cost().status().isBilled();
  }

  /** Why a span is left out. */
  enum Removal {
    SNAPSHOT,
    DUPLICATE,
    NOT_LLM
  }
}
