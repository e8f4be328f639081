package dev.tallyspan.collector.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class LogLinesTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void recordIsOneLineOfJson() {
    LogRecord entry = new LogRecord(Level.WARNING, "exporter {0}: \"down\"\nnow");
    entry.setParameters(new Object[] {"otlp"});
    entry.setLoggerName("dev.tallyspan.x");
    entry.setInstant(Instant.parse("2026-11-27T10:00:00.5Z"));
    entry.setThrown(new IllegalStateException("a prompt"));

    assertThat(new JsonLogFormatter().format(entry))
        .isEqualTo(
            "{\"level\":\"warn\",\"ts\":\"2026-11-27T10:00:00.500Z\",\"logger\":\"dev.tallyspan.x\","
                + "\"msg\":\"exporter otlp: \\\"down\\\"\\nnow\","
                + "\"error\":\"java.lang.IllegalStateException\"}\n");
  }

  @Test
  void everyLineOfJsonHasTheConfiguredFieldsAndTheResource() {
    LogRecord entry = new LogRecord(Level.INFO, "x");
    entry.setInstant(Instant.EPOCH);

    assertThat(
            new JsonLogFormatter(
                    Map.of("team", "a"),
                    Attributes.of(AttributeKey.stringKey("service.name"), "gateway"))
                .format(entry))
        .isEqualTo(
            "{\"level\":\"info\",\"ts\":\"1970-01-01T00:00:00Z\",\"msg\":\"x\",\"team\":\"a\","
                + "\"resource\":{\"service.name\":\"gateway\"}}\n");
  }

  @Test
  void levelsHaveTheNamesOfTheConfiguration() {
    assertThat(level(Level.SEVERE)).contains("\"level\":\"error\"");
    assertThat(level(Level.INFO)).contains("\"level\":\"info\"");
    assertThat(level(Level.FINE)).contains("\"level\":\"debug\"");
  }

  @Test
  void startOfAServerIsInItsLog() {
    Notices notices = Notices.asLog(stream(out), stream(err), new JsonLogFormatter());

    notices.info("OTLP/gRPC on localhost:4317");
    notices.warn("unused");

    assertThat(text(out)).contains("\"level\":\"info\"", "\"msg\":\"OTLP/gRPC on localhost:4317\"");
    assertThat(text(err)).contains("\"level\":\"warn\"", "\"msg\":\"unused\"");
  }

  @Test
  void personAtTheTerminalReadsThePlainText() {
    Notices notices = Notices.toPerson(stream(out), stream(err));

    notices.info("OTLP/gRPC on localhost:4317");
    notices.warn("unused");

    assertThat(text(out)).isEqualToNormalizingNewlines("OTLP/gRPC on localhost:4317\n");
    assertThat(text(err)).isEqualToNormalizingNewlines("tallyspan run: unused\n");
  }

  private static String level(Level level) {
    return new JsonLogFormatter().format(new LogRecord(level, "x"));
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
