package dev.tallyspan.collector.config;

/** The formats of the collector's own log. */
public enum LogEncoding {
  /** A line of text. */
  CONSOLE,
  /** One JSON object per line, for pipelines that collect logs. */
  JSON
}
