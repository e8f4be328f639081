package dev.tallyspan.collector.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/**
 * Formats a log record as one line of JSON, with the members of the OpenTelemetry Collector's log.
 */
final class JsonLogFormatter extends Formatter {

  @Override
  public String format(LogRecord entry) {
    StringWriter line = new StringWriter();
    try (JsonGenerator json = JsonExplanation.FACTORY.createGenerator(line)) {
      json.writeStartObject();
      json.writeStringField("level", level(entry.getLevel()));
      json.writeStringField("ts", entry.getInstant().toString());
      if (entry.getLoggerName() != null) {
        json.writeStringField("logger", entry.getLoggerName());
      }
      json.writeStringField("msg", formatMessage(entry));
      if (entry.getThrown() != null) {
        // The message of the exception may quote telemetry.
        json.writeStringField("error", entry.getThrown().getClass().getName());
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a StringWriter does not fail
    }
    return line + System.lineSeparator();
  }

  /** Returns the name of a level in the configuration. */
  private static String level(Level level) {
    if (level.intValue() < Level.INFO.intValue()) {
      return "debug";
    }
    if (level.equals(Level.SEVERE)) {
      return "error";
    }
    return level.equals(Level.WARNING) ? "warn" : level.getName().toLowerCase(Locale.ROOT);
  }
}
