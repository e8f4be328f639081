package dev.tallyspan.collector.wire;

import static java.util.Objects.requireNonNull;

/**
 * Finds the records of log requests that have an attribute key of some prefixes, or are events of
 * such a name: by their field for it, or by the attribute {@code event.name}. Thread-safe.
 */
public final class LogIndexer extends RequestIndexer {

  private final KeyPrefixes keys;
  private final KeyPrefixes events;

  /**
   * An indexer of records with an attribute key of {@code keys}, or an event name that begins with
   * one of {@code events}.
   */
  public LogIndexer(KeyPrefixes keys, KeyPrefixes events) {
    super("log record");
    this.keys = requireNonNull(keys, "keys");
    this.events = requireNonNull(events, "events");
  }

  @Override
  ItemScan scan() {
    return new LogScan(keys, events);
  }
}
