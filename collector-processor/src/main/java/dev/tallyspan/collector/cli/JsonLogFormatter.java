package dev.tallyspan.collector.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/**
 * Formats a log record as one line of JSON, with the members of the OpenTelemetry Collector's log.
 */
final class JsonLogFormatter extends Formatter {

  private final Map<String, String> fields;
  private final Attributes resource;

  /** Formats only the record. */
  JsonLogFormatter() {
    this(Map.of(), Attributes.empty());
  }

  /**
   * @param fields further members of every line
   * @param resource the member {@code resource}; left out if it is empty
   */
  JsonLogFormatter(Map<String, String> fields, Attributes resource) {
    this.fields = fields;
    this.resource = resource;
  }

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
      for (Map.Entry<String, String> field : fields.entrySet()) {
        json.writeStringField(field.getKey(), field.getValue());
      }
      if (!resource.isEmpty()) {
        json.writeObjectFieldStart("resource");
        for (Map.Entry<AttributeKey<?>, Object> attribute : resource.asMap().entrySet()) {
          json.writeStringField(attribute.getKey().getKey(), attribute.getValue().toString());
        }
        json.writeEndObject();
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
