package dev.tallyspan.collector.cli;

import java.io.PrintStream;
import java.time.Instant;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;

/** Prints the messages of the server's start: for a user at a terminal, or as lines of its log. */
final class Notices {

  private static final String LOGGER = "dev.tallyspan.collector";

  private final PrintStream out;
  private final PrintStream err;

  /** Null for a user, who needs neither time nor level. */
  private final @Nullable Formatter formatter;

  private Notices(PrintStream out, PrintStream err, @Nullable Formatter formatter) {
    this.out = out;
    this.err = err;
    this.formatter = formatter;
  }

  static Notices toPerson(PrintStream out, PrintStream err) {
    return new Notices(out, err, /* formatter= */ null);
  }

  static Notices asLog(PrintStream out, PrintStream err, Formatter formatter) {
    return new Notices(out, err, formatter);
  }

  void info(String text) {
    if (formatter == null) {
      out.println(text);
    } else {
      out.print(line(formatter, Level.INFO, text));
    }
    out.flush();
  }

  void warn(String text) {
    if (formatter == null) {
      err.println("tallyspan run: " + text);
    } else {
      err.print(line(formatter, Level.WARNING, text));
    }
    err.flush();
  }

  private static String line(Formatter formatter, Level level, String text) {
    LogRecord entry = new LogRecord(level, text);
    entry.setLoggerName(LOGGER);
    entry.setInstant(Instant.now());
    return formatter.format(entry);
  }
}
