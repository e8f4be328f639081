package dev.tallyspan.collector.wire;

import static java.util.Objects.requireNonNull;

/**
 * Finds the spans of trace requests that have an attribute key, or an event name, of some prefixes.
 * Thread-safe.
 */
public final class TraceIndexer extends RequestIndexer {

  private final ItemScan scan;

  /**
   * An indexer of spans with an attribute key of {@code keys}, or an event whose name begins with
   * one of {@code events}.
   */
  public TraceIndexer(KeyPrefixes keys, KeyPrefixes events) {
    this(prefixScan(requireNonNull(keys, "keys"), requireNonNull(events, "events")));
  }

  private TraceIndexer(ItemScan scan) {
    super("span");
    this.scan = scan;
  }

  /** An indexer of every span. */
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
