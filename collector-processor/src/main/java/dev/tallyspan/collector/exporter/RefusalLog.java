package dev.tallyspan.collector.exporter;

import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.wire.Slices;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.Map;

/**
 * Logs at {@code debug} what a backend said when it refused a request, at most once a minute for
 * each status. This is the only place where text that a backend wrote is used. Quotes of the
 * request and of headers are removed from it first, which reads through the whole request, so do
 * not call {@link #log} on a thread that serves connections. Thread-safe.
 */
final class RefusalLog {
  private static final Logger LOGGER = System.getLogger("dev.tallyspan.collector.exporter");

  /** In characters. */
  private static final int LONGEST_SHOWN = 200;

  private final String exporter;
  private final Echoes echoes;
  private final Map<String, Interval> intervals = new HashMap<>();

  /**
   * @param secrets the values of the headers that the exporter sends
   */
  RefusalLog(String exporter, Iterable<String> secrets) {
    this.exporter = exporter;
    echoes = new Echoes(secrets);
  }

  /** Whether to call {@link #log} for this reason now. */
  boolean isDue(Reason reason, long now) {
    if (!LOGGER.isLoggable(Level.DEBUG)) {
      return false;
    }
    synchronized (intervals) {
      return intervals.computeIfAbsent(reason.code(), code -> new Interval(now)).passed(now);
    }
  }

  /**
   * @param request what was sent
   */
  void log(Signal signal, Reason reason, Slices request) {
    String words = reason.words().get();
    String rest =
        words.isEmpty() ? "no message" : shown(echoes.remove(words, request.contiguous()));
    LOGGER.log(
        Level.DEBUG, "exporter {0}: {1}: {2}: {3}", exporter, signal.id(), reason.status(), rest);
  }

  /** Returns the beginning of a text on one line. */
  private static String shown(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .limit(LONGEST_SHOWN)
        .forEach(character -> shown.appendCodePoint(isShown(character) ? character : ' '));
    return shown.toString().strip();
  }

  private static boolean isShown(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
