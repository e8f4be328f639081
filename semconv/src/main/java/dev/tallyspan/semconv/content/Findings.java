package dev.tallyspan.semconv.content;

/** Takes what a {@link Detector} finds. */
@FunctionalInterface
public interface Findings {

  /**
   * Takes one finding.
   *
   * @param start the index of its first character
   * @param end the index after its last character
   * @param kind what it is, as in the mask: upper-case letters and underscores, {@code EMAIL}
   */
  void found(int start, int end, String kind);
}
