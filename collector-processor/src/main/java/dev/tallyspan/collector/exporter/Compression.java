package dev.tallyspan.collector.exporter;

/** How request bodies are compressed. */
public enum Compression {
  NONE,
  GZIP
}
