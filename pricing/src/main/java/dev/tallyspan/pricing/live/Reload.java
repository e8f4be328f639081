package dev.tallyspan.pricing.live;

import org.jspecify.annotations.Nullable;

/**
 * The result of one check for a new version.
 *
 * @param outcome whether a new version is in force, was rejected, or could not be read
 * @param version of the catalog that is in force after the check
 * @param reason why a version was not loaded, in one line; null if it was, or if there is none
 */
public record Reload(Outcome outcome, String version, @Nullable String reason) {
  /** The outcome of a check. */
  public enum Outcome {
    /** A new version is in force. */
    LOADED,
    /** There is no new version. */
    UNCHANGED,
    /** There is a new version, and it was rejected. */
    REJECTED,
    /** The source could not be read. */
    FAILED,
    /**
     * The source is sound again after it was rejected or could not be read, and still holds the
     * version in force.
     */
    RECOVERED
  }
}
