package dev.tallyspan.pricing;

import java.util.List;

/**
 * Thrown if a price catalog cannot be used. The message gives the place, the problem and the fix of
 * the first fault; {@link #faults()} lists all of them.
 */
public final class CatalogException extends Exception {
  /** Each with its source and line. */
  private final List<String> faults;

  /**
   * Creates an exception with one fault, which is the message.
   *
   * @param message the message
   */
  public CatalogException(String message) {
    super(message);
    this.faults = List.of(message);
  }

  /**
   * Creates an exception with one fault, which is the message, and its cause.
   *
   * @param message the message
   * @param cause what went wrong
   */
  public CatalogException(String message, Throwable cause) {
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

  /** {@return one line for each fault, in the order of the file} */
  public List<String> faults() {
    return faults;
  }
}
