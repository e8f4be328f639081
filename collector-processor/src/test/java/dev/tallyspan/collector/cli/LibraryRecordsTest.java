package dev.tallyspan.collector.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.Test;

class LibraryRecordsTest {

  private long now = 1_000_000;
  private final LibraryRecords filter = new LibraryRecords(() -> Instant.ofEpochMilli(now));

  private static LogRecord accepting(Throwable cause) {
    return record("io.netty.channel.DefaultChannelPipeline", "An exception was fired.", cause);
  }

  private static LogRecord record(String logger, String message, Throwable thrown) {
    LogRecord entry = new LogRecord(Level.WARNING, message);
    entry.setLoggerName(logger);
    entry.setThrown(thrown);
    return entry;
  }

  private static String text(LogRecord entry) {
    return new SimpleFormatter().formatMessage(entry);
  }

  @Test
  void recordOfALibraryIsOneLineWithItsCause() {
    LogRecord entry = accepting(new IOException("Too many open files"));

    assertThat(filter.isLoggable(entry)).isTrue();
    assertThat(entry.getThrown()).isNull();
    assertThat(text(entry))
        .isEqualTo("An exception was fired.: java.io.IOException: Too many open files");
  }

  @Test
  void messageOfAnotherExceptionMayQuoteContentAndIsLeftOut() {
    LogRecord entry = accepting(new IllegalStateException("the patient's name"));

    assertThat(filter.isLoggable(entry)).isTrue();
    assertThat(text(entry)).isEqualTo("An exception was fired.: java.lang.IllegalStateException");
  }

  @Test
  void ofEqualOnesThereIsOneAMinuteThatCountsThem() {
    assertThat(filter.isLoggable(accepting(new IOException("a")))).isTrue();
    for (int i = 0; i < 7; i++) {
      assertThat(filter.isLoggable(accepting(new IOException("b")))).isFalse();
    }
    now += 59_999;
    assertThat(filter.isLoggable(accepting(new IOException("c")))).isFalse();
    now += 1;
    LogRecord next = accepting(new IOException("d"));

    assertThat(filter.isLoggable(next)).isTrue();
    assertThat(text(next)).endsWith("java.io.IOException: d (8 more of these in the meantime)");
  }

  @Test
  void otherOnesAreNotHeldBack() {
    assertThat(filter.isLoggable(accepting(new IOException("a")))).isTrue();
    assertThat(filter.isLoggable(accepting(new IllegalStateException("a")))).isTrue();
    assertThat(filter.isLoggable(record("io.grpc.Other", "Else.", null))).isTrue();
  }

  @Test
  void ourOwnPassAsTheyAre() {
    for (int i = 0; i < 2; i++) {
      LogRecord entry = record("dev.tallyspan.collector.exporter", "refused", new IOException("a"));
      assertThat(filter.isLoggable(entry)).isTrue();
      assertThat(entry.getThrown()).isNotNull();
    }
  }

  @Test
  void patternWithParametersStaysOne() {
    LogRecord entry = record("io.grpc.X", "port {0}", new IOException("it's {1}"));
    entry.setParameters(new Object[] {"4317"});

    assertThat(filter.isLoggable(entry)).isTrue();
    assertThat(text(entry)).isEqualTo("port 4317: java.io.IOException: it's {1}");
  }

  @Test
  void memoryIsBounded() {
    for (int i = 0; i < 1000; i++) {
      filter.isLoggable(record("io.netty.X", "message " + i, null));
    }
    assertThat(filter.isLoggable(record("io.netty.X", "message 0", null))).isTrue();
    assertThat(filter.isLoggable(record("io.netty.X", "message 999", null))).isFalse();
  }
}
