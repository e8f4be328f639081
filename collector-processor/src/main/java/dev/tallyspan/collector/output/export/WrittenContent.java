package dev.tallyspan.collector.output.export;

import dev.tallyspan.semconv.ContentFormat;

/** How messages, instructions, tool definitions, arguments, results and documents are written. */
public enum WrittenContent {
  /** As JSON text, which every backend reads. */
  JSON(ContentFormat.JSON_STRING),
  /** As structured attributes, which the conventions prefer and few backends read. */
  STRUCTURED(ContentFormat.STRUCTURED),
  /** Not at all: it stays under the sender's keys, as it came, and in no other place. */
  KEEP(ContentFormat.JSON_STRING);

  private final ContentFormat format;

  WrittenContent(ContentFormat format) {
    this.format = format;
  }

  /** The form of what is written. */
  ContentFormat format() {
    return format;
  }
}
