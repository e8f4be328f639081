package dev.tallyspan.collector.queue.log;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Holds the health of a log, and reports each change once. Thread-safe. */
final class LogHealth {

  private static final Logger LOGGER = System.getLogger(DurableLog.class.getName());

  private final String directory;
  private final LogListener listener;
  private volatile Health health = Health.OK;

  LogHealth(String directory, LogListener listener) {
    this.directory = directory;
    this.listener = listener;
  }

  Health get() {
    return health;
  }

  synchronized void failed(String what, IOException why) {
    String message = why.getMessage();
    String reason = what + ": " + (message == null ? why.getClass().getSimpleName() : message);
    if (health.ok()) {
      LOGGER.log(
          Level.ERROR,
          "The queue in {0} refuses requests until it can be written again: {1}",
          directory,
          reason);
      change(new Health(false, reason));
    }
  }

  void works() {
    if (!health.ok()) {
      recovered();
    }
  }

  private synchronized void recovered() {
    if (!health.ok()) {
      LOGGER.log(Level.INFO, "The queue in {0} can be written again", directory);
      change(Health.OK);
    }
  }

  private void change(Health to) {
    health = to;
    listener.healthChanged(to);
  }
}
