package dev.tallyspan.semconv;

/** How messages, tool definitions, arguments and results are written on spans. */
public enum ContentFormat {
  /** As JSON text, which every backend reads. */
  JSON_STRING,
  /** As structured attributes, which the conventions prefer and few backends read. */
  STRUCTURED
}
