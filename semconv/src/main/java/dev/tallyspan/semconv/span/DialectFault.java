package dev.tallyspan.semconv.span;

/**
 * A dialect that failed to read its part of a span, which is a fault of ours and not of the sender.
 * Says where it failed, so that it can be mended, and nothing of what the span holds: messages of
 * exceptions may quote it.
 *
 * @param dialect its id
 * @param exception the name of the exception's class
 * @param place the method and line that threw it; empty if not known
 */
public record DialectFault(String dialect, String exception, String place) {

  public static DialectFault of(String dialect, Throwable cause) {
    StackTraceElement[] trace = cause.getStackTrace();
    return new DialectFault(
        dialect, cause.getClass().getName(), trace.length == 0 ? "" : trace[0].toString());
  }
}
