package dev.tallyspan.collector.output.budget;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Writes each alert to the log, as one warning. */
public final class LoggedAlerts implements AlertSink {

  private static final Logger LOGGER = System.getLogger(LoggedAlerts.class.getName());

  @Override
  public void send(Alert alert) {
    LOGGER.log(Level.WARNING, "{0}", alert.line());
  }
}
