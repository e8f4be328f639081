package dev.tallyspan.collector.flow;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** A fault of the collector itself while it handles a request. */
public final class InternalFault {

  private static final Logger LOGGER = System.getLogger(InternalFault.class.getName());

  private InternalFault() {}

  /**
   * Logs where something failed, without the exception's message, which might quote telemetry.
   *
   * @param where what failed, for the log: {@code a processor}
   * @return what the sender is told
   */
  public static Outcome log(String where, Throwable failure) {
    StackTraceElement[] trace = failure.getStackTrace();
    LOGGER.log(
        Level.ERROR,
        "{0} failed with {1} at {2}",
        where,
        failure.getClass().getName(),
        trace.length == 0 ? "an unknown place" : trace[0]);
    return Outcome.refused(StatusCode.INTERNAL, "internal error");
  }
}
