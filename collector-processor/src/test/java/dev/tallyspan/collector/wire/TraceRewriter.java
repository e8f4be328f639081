package dev.tallyspan.collector.wire;

/** Indexes, reads and splices trace requests as the collector does. */
final class TraceRewriter {

  interface SpanEditor extends Rewritten.Edit<WireSpan, SpanEdits> {}

  private final TraceIndexer indexer;
  private final TraceSplicer splicer = new TraceSplicer();

  TraceRewriter(KeyPrefixes keys) {
    this(keys, KeyPrefixes.none());
  }

  TraceRewriter(KeyPrefixes keys, KeyPrefixes events) {
    indexer = new TraceIndexer(keys, events);
  }

  Rewritten rewrite(byte[] request, int offset, int length, SpanEditor editor)
      throws MalformedRequestException {
    return Rewritten.of(indexer, splicer, request, offset, length, editor);
  }

  /** Does all but edit; returns the number of spans. */
  int check(byte[] request, int offset, int length) throws MalformedRequestException {
    RequestIndex index = indexer.index(request, offset, length);
    Rewritten.read(index, new SpanReader());
    return index.items();
  }
}
