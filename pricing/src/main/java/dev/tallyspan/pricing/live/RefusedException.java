package dev.tallyspan.pricing.live;

/**
 * Thrown if a version is rejected for a reason that may change while the version stays the same. It
 * is tried again.
 */
final class RefusedException extends Exception {
  RefusedException(String reason) {
    super(reason);
  }
}
