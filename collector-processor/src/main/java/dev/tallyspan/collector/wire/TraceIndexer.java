package dev.tallyspan.collector.wire;

import static java.util.Objects.requireNonNull;

/**
 * Finds the spans of trace requests that have an attribute key or an event name with one of the
 * given prefixes. Thread-safe.
 */
public final class TraceIndexer extends RequestIndexer {

  private final ItemScan scan;

  /**
   * Finds spans with an attribute key that matches {@code keys} or an event name that matches
   * {@code events}.
   */
  public TraceIndexer(KeyPrefixes keys, KeyPrefixes events) {
    this(prefixScan(requireNonNull(keys, "keys"), requireNonNull(events, "events")));
  }

  TraceIndexer(ItemScan scan) {
    super("span");
    this.scan = scan;
  }

  /** Returns an indexer that selects every span. */
  public static TraceIndexer ofAllSpans() {
    return new TraceIndexer((b, start, end) -> true);
  }

  private static ItemScan prefixScan(KeyPrefixes keys, KeyPrefixes events) {
    return (b, start, end) -> SpanScan.matches(b, start, end, keys, events);
  }

  @Override
  ItemScan scan() {
    return scan;
  }
}
