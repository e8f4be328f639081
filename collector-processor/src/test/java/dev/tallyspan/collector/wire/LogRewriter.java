package dev.tallyspan.collector.wire;

/** Indexes, reads and splices log requests as the collector does. */
final class LogRewriter {

  interface LogEditor extends Rewritten.Edit<WireLog, LogEdits> {}

  private final LogIndexer indexer;
  private final LogSplicer splicer = new LogSplicer();

  LogRewriter(KeyPrefixes keys, KeyPrefixes events) {
    indexer = new LogIndexer(keys, events);
  }

  Rewritten rewrite(byte[] request, int offset, int length, LogEditor editor)
      throws MalformedRequestException {
    return Rewritten.of(indexer, splicer, request, offset, length, editor);
  }

  /** Does all but edit; returns the number of records. */
  int check(byte[] request, int offset, int length) throws MalformedRequestException {
    RequestIndex index = indexer.index(request, offset, length);
    Rewritten.read(index, new LogReader());
    return index.items();
  }
}
