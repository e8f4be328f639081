package dev.tallyspan.collector.exporter;

/** What a queue or a batch is measured in. */
public enum Sizer {
  REQUESTS,
  /** Spans, log records or metric data points. */
  ITEMS,
  /** Bytes of the serialised requests, before compression. */
  BYTES;

  long measure(long requests, long items, long bytes) {
    return switch (this) {
      case REQUESTS -> requests;
      case ITEMS -> items;
      case BYTES -> bytes;
    };
  }
}
