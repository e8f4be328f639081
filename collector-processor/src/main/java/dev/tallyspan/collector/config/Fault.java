package dev.tallyspan.collector.config;

import static java.util.Objects.requireNonNull;

/**
 * One fault in a configuration.
 *
 * @param line of the file, from 1; 0 if the fault is not in a file
 * @param column from 1; 0 if the fault is not in a file
 * @param message what is wrong and how to fix it; contains no value that may be secret
 */
public record Fault(int line, int column, String message) {
  public Fault {
    requireNonNull(message, "message");
  }

  /** {@code 12:5: what is wrong}; the message alone if it is not in a file. */
  @Override
  public String toString() {
    return line == 0 ? message : line + ":" + column + ": " + message;
  }
}
