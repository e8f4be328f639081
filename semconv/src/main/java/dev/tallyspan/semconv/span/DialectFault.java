package dev.tallyspan.semconv.span;

/**
 * A dialect that failed to read its part of a span. This is a bug in Tallyspan, not an error of the
 * sender. Contains where it failed, but no exception message, because messages may quote content.
 *
 * @param dialect the id of the dialect
 * @param exception the name of the exception's class
 * @param place the method and line that threw it; empty if not known
 */
public record DialectFault(String dialect, String exception, String place) {

  /**
   * Describes an exception that a dialect threw.
   *
   * @param dialect the id of the dialect
   * @param cause what the dialect threw
   * @return the fault
   */
  public static DialectFault of(String dialect, Throwable cause) {
    StackTraceElement[] trace = cause.getStackTrace();
    return new DialectFault(
        dialect, cause.getClass().getName(), trace.length == 0 ? "" : trace[0].toString());
  }
}
