package dev.tallyspan.collector.cli;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.logging.Filter;
import java.util.logging.LogRecord;

/**
 * Keeps what libraries log readable when a machine runs out of something: a server without file
 * descriptors logs a stack trace for each connection that it cannot accept. A library's records are
 * one line, and of equal ones there is one a minute, which says how many there were. Our own
 * records pass as they are. Thread-safe.
 */
final class LibraryRecords implements Filter {

  private static final String OURS = "dev.tallyspan";
  private static final long PAUSE = Duration.ofMinutes(1).toMillis();

  /** A bound for memory; the kind that was seen first is forgotten first. */
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

  /** How many were suppressed since the last; negative if this one is to be. */
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

  /** What the operating system says is no content; other messages may quote some. */
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
