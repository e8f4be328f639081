package dev.tallyspan.collector.send;

/** How request bodies are compressed. */
public enum Compression {
  NONE,
  GZIP
}
