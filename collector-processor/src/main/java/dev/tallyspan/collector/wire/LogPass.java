package dev.tallyspan.collector.wire;

/** A {@link RewritePass} over log requests. */
final class LogPass extends RewritePass<WireLog, LogEditor> {

  private final LogScan scan;
  private final LogEdits edits;

  LogPass(KeyPrefixes keys, KeyPrefixes events) {
    this(new LogScan(keys, events), new LogEdits());
  }

  private LogPass(LogScan scan, LogEdits edits) {
    super("log record", edits);
    this.scan = scan;
    this.edits = edits;
  }

  @Override
  WireLog newItem(WireResource resource, WireScope scope) {
    return new WireLog(resource, scope);
  }

  @Override
  boolean matches(byte[] b, int start, int end) throws WireFault {
    return scan.matches(b, start, end);
  }

  @Override
  boolean edit(WireLog log, LogEditor editor) {
    edits.reset();
    editor.edit(log, edits);
    return edits.resolve(log.attributes());
  }

  @Override
  void failed(LogEditor editor, Throwable cause) {
    editor.failed(cause);
  }

  @Override
  void forget() {
    scan.forget();
  }
}
