package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.config.LogEncoding;
import dev.tallyspan.collector.config.LogFields;
import dev.tallyspan.collector.config.TelemetryConfig;
import io.opentelemetry.api.common.Attributes;
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
    return set(level, encoding, new JsonLogFormatter());
  }

  /**
   * Logs as configured.
   *
   * @param resource what describes this process, for lines of JSON
   * @return the formatter of the lines
   */
  static Formatter set(TelemetryConfig config, Attributes resource) {
    LogFields fields = config.logFields();
    JsonLogFormatter json =
        new JsonLogFormatter(fields.initial(), fields.resource() ? resource : Attributes.empty());
    return set(config.logLevel(), config.logEncoding(), json);
  }

  private static Formatter set(Level level, LogEncoding encoding, JsonLogFormatter json) {
    if (System.getProperty(FORMAT) == null) {
      System.setProperty(FORMAT, "%1$tFT%1$tT.%1$tL%1$tz %4$s %5$s%6$s%n");
    }
    Formatter formatter =
        switch (encoding) {
          case CONSOLE -> new SimpleFormatter();
          case JSON -> json;
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
