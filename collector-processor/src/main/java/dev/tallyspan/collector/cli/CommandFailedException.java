package dev.tallyspan.collector.cli;

/** Ends a command with one line on stderr and an exit code. */
final class CommandFailedException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final int exitCode;

  private CommandFailedException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** The input or the check failed, as the exception's message says. */
  static CommandFailedException badInput(Exception cause) {
    return badInput(String.valueOf(cause.getMessage()));
  }

  /** The input or the check failed. */
  static CommandFailedException badInput(String message) {
    return new CommandFailedException(1, message);
  }

  /** Bad usage or configuration, as the exception's message says. */
  static CommandFailedException badConfiguration(Exception cause) {
    return badConfiguration(String.valueOf(cause.getMessage()));
  }

  /** Bad usage or configuration. */
  static CommandFailedException badConfiguration(String message) {
    return new CommandFailedException(2, message);
  }

  int exitCode() {
    return exitCode;
  }
}
