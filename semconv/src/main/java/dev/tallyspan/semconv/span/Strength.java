package dev.tallyspan.semconv.span;

/** How good a source is for a slot; between equals, the stronger dialect counts. */
public enum Strength {
  /** Said in a key or member of its own. */
  STRUCTURED,
  /** Dug out of a payload that was written for people to look at. */
  BLOB,
  /** Read as far as it went before it was cut off. */
  DAMAGED,
  /** Concluded from something else. */
  INFERRED
}
