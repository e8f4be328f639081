package dev.tallyspan.collector.exporter;

import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Logs changes of the backend's state and, at most once a minute, what was not delivered. Logs only
 * numbers and status codes, because a backend's messages may quote telemetry; see {@link
 * RefusalLog}. Guarded by the queue's lock.
 */
final class ExporterLog {
  private static final Logger LOGGER = Logger.getLogger("dev.tallyspan.collector.exporter");

  private final String exporter;
  private final boolean patient;
  private final Interval down;
  private final Interval rejected;
  private final Interval warned;
  private boolean downLogged;
  private long downSince;
  private long rejectedItems;

  /**
   * @param patient whether requests wait while the backend fails
   */
  ExporterLog(String exporter, boolean patient, long now) {
    this.exporter = exporter;
    this.patient = patient;
    down = new Interval(now);
    rejected = new Interval(now);
    warned = new Interval(now);
  }

  /** Logs that the backend fails for the first time since its last success. */
  void down(Outcome.Refused why, long now) {
    downSince = now;
    if (down.passed(now)) {
      downLogged = true;
      String meanwhile = patient ? "requests wait for it" : "senders are told to retry";
      log(Level.WARNING, "backend does not accept (" + why.code() + "); " + meanwhile);
    }
  }

  void up(long now) {
    if (downLogged) {
      downLogged = false;
      long seconds = Duration.ofNanos(now - downSince).toSeconds();
      log(Level.INFO, "backend accepts again after " + seconds + " s");
    }
  }

  /** Logs that items were not delivered: the backend rejected them, or retrying ended. */
  void rejected(Signal signal, long items, String why, long now) {
    rejectedItems += items;
    if (rejected.passed(now)) {
      log(
          Level.WARNING,
          "not delivered: "
              + rejectedItems
              + " items since the last such message, now "
              + signal.items()
              + " ("
              + why
              + ")");
      rejectedItems = 0;
    }
  }

  /** Logs that the backend has a limit for requests that was not known. */
  void limited(long bytes) {
    log(Level.INFO, "backend refuses large requests; those over " + bytes + " bytes are split");
  }

  /**
   * Logs that the backend accepted everything, but with a warning or a response that cannot be
   * read.
   */
  void warned(String what, long now) {
    if (warned.passed(now)) {
      log(Level.WARNING, what);
    }
  }

  private void log(Level level, String message) {
    LOGGER.log(level, "exporter {0}: {1}", new Object[] {exporter, message});
  }
}
