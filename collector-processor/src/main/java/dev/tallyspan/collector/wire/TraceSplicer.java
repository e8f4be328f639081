package dev.tallyspan.collector.wire;

/** Edits the spans of indexed trace requests. Thread-safe. */
public final class TraceSplicer extends RequestSplicer<WireSpan, SpanEdits> {

  @Override
  ItemReader<WireSpan> newReader() {
    return new SpanReader();
  }

  @Override
  SpanEdits newEdits() {
    return new SpanEdits();
  }

  @Override
  void reset(SpanEdits edits, WireSpan span) {
    edits.reset(span.eventCount());
  }

  @Override
  boolean resolve(SpanEdits edits, WireSpan span) {
    return edits.resolve(span);
  }
}
