package dev.tallyspan.collector.wire;

/** Edits the records of indexed log requests. Thread-safe. */
public final class LogSplicer extends RequestSplicer<WireLog, LogEdits> {

  @Override
  ItemReader<WireLog> newReader() {
    return new LogReader();
  }

  @Override
  LogEdits newEdits() {
    return new LogEdits();
  }

  @Override
  void reset(LogEdits edits, WireLog log) {
    edits.reset();
  }

  @Override
  boolean resolve(LogEdits edits, WireLog log) {
    return edits.resolve(log.attributes());
  }
}
