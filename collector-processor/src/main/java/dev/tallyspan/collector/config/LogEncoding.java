package dev.tallyspan.collector.config;

/** The forms of the collector's own log. */
public enum LogEncoding {
  /** A line of text. */
  CONSOLE,
  /** A JSON object a line, for pipelines that collect logs. */
  JSON
}
