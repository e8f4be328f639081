package dev.tallyspan.collector.flow;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Reports a bug in the collector that shows while it handles a request. */
public final class InternalFault {

  private static final Logger LOGGER = System.getLogger(InternalFault.class.getName());

  private InternalFault() {}

  /**
   * Logs what failed and where, without the exception's message, which might quote telemetry.
   *
   * @param where the component that failed, as the log names it: {@code a processor}
   * @return the outcome to report to the sender
   */
  public static Outcome log(String where, Throwable failure) {
    StackTraceElement[] trace = failure.getStackTrace();
    LOGGER.log(
        Level.ERROR,
        "{0} failed with {1} at {2}",
        where,
        failure.getClass().getName(),
        trace.length == 0 ? "an unknown location" : trace[0]);
    return Outcome.refused(StatusCode.INTERNAL, "internal error");
  }
}
