package dev.tallyspan.googlegenai;

import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs code that records, so that a failure does not reach the application. Each type of failure is
 * logged once, without its message, which may contain content.
 */
final class Guard {

  private static final System.Logger LOGGER = System.getLogger(Guard.class.getName());
  private static final Set<String> LOGGED = ConcurrentHashMap.newKeySet();

  private Guard() {}

  static void run(Runnable recording) {
    try {
      recording.run();
    } catch (Throwable t) {
      failed(t);
    }
  }

  /** Returns what the code returns, or null if it fails. */
  static <T> @Nullable T get(Supplier<? extends @Nullable T> recording) {
    try {
      return recording.get();
    } catch (Throwable t) {
      failed(t);
      return null;
    }
  }

  private static void failed(Throwable t) {
    try {
      StackTraceElement[] trace = t.getStackTrace();
      String cause = t.getClass().getName() + (trace.length == 0 ? "" : " at " + trace[0]);
      if (LOGGED.add(cause)) {
        LOGGER.log(Level.WARNING, "Recording failed and was ignored: " + cause);
      }
    } catch (Throwable ignored) {
      // A logging backend that fails is no reason to fail.
    }
  }
}
