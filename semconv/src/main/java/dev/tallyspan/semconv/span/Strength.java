package dev.tallyspan.semconv.span;

/** How reliable a source is for a slot; between equal sources, the stronger dialect wins. */
public enum Strength {
  /** From a key or member that exists for this value. */
  STRUCTURED,
  /** Extracted from a payload that was written for display. */
  BLOB,
  /** Read from a text that was cut off. */
  DAMAGED,
  /** Concluded from other values. */
  INFERRED
}
