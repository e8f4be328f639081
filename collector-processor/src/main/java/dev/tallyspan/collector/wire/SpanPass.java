package dev.tallyspan.collector.wire;

/** A {@link RewritePass} over trace requests. */
final class SpanPass extends RewritePass<WireSpan, SpanEditor> {

  private final KeyPrefixes keys;
  private final KeyPrefixes events;
  private final SpanEdits edits;

  SpanPass(KeyPrefixes keys, KeyPrefixes events) {
    this(keys, events, new SpanEdits());
  }

  private SpanPass(KeyPrefixes keys, KeyPrefixes events, SpanEdits edits) {
    super("span", edits);
    this.keys = keys;
    this.events = events;
    this.edits = edits;
  }

  @Override
  WireSpan newItem(WireResource resource, WireScope scope) {
    return new WireSpan(resource, scope);
  }

  @Override
  boolean matches(byte[] b, int start, int end) throws WireFault {
    return SpanScan.matches(b, start, end, keys, events);
  }

  @Override
  boolean edit(WireSpan span, SpanEditor editor) {
    edits.reset(span.eventCount());
    editor.edit(span, edits);
    return edits.resolve(span);
  }

  @Override
  void failed(SpanEditor editor, Throwable cause) {
    editor.failed(cause);
  }
}
