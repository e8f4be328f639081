package dev.tallyspan.collector.exporter;

/** The unit in which the size of a queue or a batch is measured. */
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
