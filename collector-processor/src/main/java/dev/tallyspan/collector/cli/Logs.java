package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.config.LogEncoding;
import java.time.InstantSource;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Sets up logging: one line per record, to stderr. */
final class Logs {

  private static final String FORMAT = "java.util.logging.SimpleFormatter.format";

  /** A logger without a reference can be collected, together with its level. */
  private static final Logger OURS = Logger.getLogger("dev.tallyspan");

  private Logs() {}

  /**
   * Logs records from {@code level} on; those of libraries always from WARNING on.
   *
   * @return the formatter of its lines
   */
  static Formatter set(Level level, LogEncoding encoding) {
    if (System.getProperty(FORMAT) == null) {
      System.setProperty(FORMAT, "%1$tFT%1$tT.%1$tL%1$tz %4$s %5$s%6$s%n");
    }
    Formatter formatter =
        switch (encoding) {
          case CONSOLE -> new SimpleFormatter();
          case JSON -> new JsonLogFormatter();
        };
    Logger root = Logger.getLogger("");
    root.setLevel(Level.WARNING);
    OURS.setLevel(level);
    for (Handler handler : root.getHandlers()) {
      handler.setLevel(Level.ALL);
      handler.setFormatter(formatter);
      handler.setFilter(new LibraryRecords(InstantSource.system()));
    }
    return formatter;
  }
}
