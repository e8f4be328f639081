package dev.tallyspan.api;

import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What went wrong while recording, which the application must not notice. Each cause is logged
 * once, without the text of the exception, which may contain content. Thread-safe.
 */
final class Faults {

  private static final System.Logger LOGGER = System.getLogger(Faults.class.getName());

  /** More causes than this are only counted. */
  private static final int MAX_LOGGED = 64;

  private final LongAdder count = new LongAdder();
  private final Set<String> logged = ConcurrentHashMap.newKeySet();

  long count() {
    return count.sum();
  }

  /** Something threw; never throws itself. */
  void add(Throwable thrown) {
    add("Recording failed and was ignored: " + thrown.getClass().getName() + where(thrown));
  }

  /** Something was used wrongly. */
  void add(String message) {
    count.increment();
    try {
      if (logged.size() < MAX_LOGGED && logged.add(message)) {
        LOGGER.log(Level.WARNING, message);
      }
    } catch (RuntimeException e) {
      // A logging backend that fails is no reason to fail.
    }
  }

  private static String where(Throwable thrown) {
    StackTraceElement[] trace = thrown.getStackTrace();
    return trace.length == 0 ? "" : " at " + trace[0];
  }
}
