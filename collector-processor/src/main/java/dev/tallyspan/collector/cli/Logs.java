package dev.tallyspan.collector.cli;

import java.time.InstantSource;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Log lines as a server writes them: one each, to stderr. */
final class Logs {

  private static final String FORMAT = "java.util.logging.SimpleFormatter.format";

  /** A logger that nobody refers to may be collected, and its level with it. */
  private static final Logger OURS = Logger.getLogger("dev.tallyspan");

  private Logs() {}

  /** Logs from {@code level} on; libraries from WARNING on, whatever the level. */
  static void set(Level level) {
    if (System.getProperty(FORMAT) == null) {
      System.setProperty(FORMAT, "%1$tFT%1$tT.%1$tL%1$tz %4$s %5$s%6$s%n");
    }
    Logger root = Logger.getLogger("");
    root.setLevel(Level.WARNING);
    OURS.setLevel(level);
    for (Handler handler : root.getHandlers()) {
      handler.setLevel(Level.ALL);
      handler.setFilter(new LibraryRecords(InstantSource.system()));
    }
  }
}
