package dev.tallyspan.collector.wire;

import static java.util.Objects.requireNonNull;

import java.util.function.Supplier;

/**
 * Finds the records of log requests that have an attribute key with one of the given prefixes, or
 * an event name with one of the given prefixes: in the field for it, or in the attribute {@code
 * event.name}. Thread-safe.
 */
public final class LogIndexer extends RequestIndexer {

  private final Supplier<ItemScan> scans;

  /**
   * Finds records with an attribute key that matches {@code keys} or an event name that matches
   * {@code events}.
   */
  public LogIndexer(KeyPrefixes keys, KeyPrefixes events) {
    this(scans(requireNonNull(keys, "keys"), requireNonNull(events, "events")));
  }

  private LogIndexer(Supplier<ItemScan> scans) {
    super("log record");
    this.scans = scans;
  }

  /** Returns an indexer that selects every record. */
  public static LogIndexer ofAllRecords() {
    return new LogIndexer(() -> (b, start, end) -> true);
  }

  private static Supplier<ItemScan> scans(KeyPrefixes keys, KeyPrefixes events) {
    return () -> new LogScan(keys, events);
  }

  @Override
  ItemScan scan() {
    return scans.get();
  }
}
