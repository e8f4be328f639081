package dev.tallyspan.collector.wire;

import static java.util.Objects.requireNonNull;

/**
 * Finds the records of log requests that have an attribute key with one of the given prefixes, or
 * an event name with one of the given prefixes: in the field for it, or in the attribute {@code
 * event.name}. Thread-safe.
 */
public final class LogIndexer extends RequestIndexer {

  private final KeyPrefixes keys;
  private final KeyPrefixes events;

  /**
   * Finds records with an attribute key that matches {@code keys} or an event name that matches
   * {@code events}.
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
