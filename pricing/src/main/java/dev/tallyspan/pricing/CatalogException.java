package dev.tallyspan.pricing;

import java.util.List;

/**
 * A price catalog that cannot be used. The message says where, what, and how to mend it, of the
 * first fault; {@link #faults()} says so of each.
 */
public final class CatalogException extends Exception {
  private final List<String> faults;

  CatalogException(String message) {
    super(message);
    this.faults = List.of(message);
  }

  CatalogException(String message, Throwable cause) {
    super(message, cause);
    this.faults = List.of(message);
  }

  /**
   * @param faults at least one
   */
  CatalogException(List<String> faults) {
    super(
        switch (faults.size()) {
          case 1 -> faults.get(0);
          case 2 -> faults.get(0) + " (and another fault)";
          default -> faults.get(0) + " (and " + (faults.size() - 1) + " other faults)";
        });
    this.faults = List.copyOf(faults);
  }

  /** Returns every fault in a line of its own, in the order of the file as far as it was read. */
  public List<String> faults() {
    return faults;
  }
}
