package dev.tallyspan.collector.cli;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.logging.Filter;
import java.util.logging.LogRecord;

/**
 * Keeps the logs of libraries readable when a machine runs out of a resource: a server without file
 * descriptors logs a stack trace for each connection that it cannot accept. The record of a library
 * is one line, and equal records are logged once a minute with their number. Tallyspan's own
 * records pass through unchanged. Thread-safe.
 */
final class LibraryRecords implements Filter {

  private static final String OURS = "dev.tallyspan";
  private static final long PAUSE = Duration.ofMinutes(1).toMillis();

  /** A limit for memory; the oldest kind is dropped first. */
  private static final int MOST_KINDS = 100;

  private final InstantSource clock;
  private final Map<String, Kind> kinds =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Kind> eldest) {
          return size() > MOST_KINDS;
        }
      };

  LibraryRecords(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public boolean isLoggable(LogRecord entry) {
    String logger = entry.getLoggerName();
    if (logger != null && logger.startsWith(OURS)) {
      return true;
    }
    Throwable thrown = entry.getThrown();
    String kind =
        logger + "\n" + entry.getMessage() + "\n" + (thrown == null ? "" : thrown.getClass());
    long suppressed = suppressed(kind);
    if (suppressed < 0) {
      return false;
    }
    if (thrown != null) {
      entry.setThrown(null);
      append(entry, ": " + described(thrown));
    }
    if (suppressed > 0) {
      append(entry, " (" + suppressed + " more of these in the meantime)");
    }
    return true;
  }

  /** Returns how many were suppressed since the last one; negative to suppress this one. */
  private synchronized long suppressed(String name) {
    long now = clock.millis();
    Kind kind = kinds.get(name);
    if (kind == null) {
      kinds.put(name, new Kind(now));
      return 0;
    }
    if (now - kind.logged < PAUSE) {
      kind.suppressed++;
      return -1;
    }
    long suppressed = kind.suppressed;
    kind.logged = now;
    kind.suppressed = 0;
    return suppressed;
  }

  /** Messages of the operating system contain no content; other messages may. */
  private static String described(Throwable thrown) {
    String name = thrown.getClass().getName();
    return thrown instanceof IOException && thrown.getMessage() != null
        ? name + ": " + thrown.getMessage()
        : name;
  }

  private static void append(LogRecord entry, String text) {
    Object[] parameters = entry.getParameters();
    boolean pattern = parameters != null && parameters.length > 0;
    entry.setMessage(
        entry.getMessage() + (pattern ? text.replace("'", "''").replace("{", "'{'") : text));
  }

  private static final class Kind {
    private long logged;
    private long suppressed;

    Kind(long logged) {
      this.logged = logged;
    }
  }
}
