package dev.tallyspan.collector.wire;

/** Reads the records of indexed log requests. Not thread-safe. */
public final class LogReader extends ItemReader<WireLog> {

  @Override
  WireLog newItem(WireResource resource, WireScope scope) {
    return new WireLog(resource, scope);
  }
}
