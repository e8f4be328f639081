package dev.tallyspan.collector.queue.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.wire.Slices;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A directory that version 1 of the format wrote must open in every later version. If the format
 * changes, add a directory with {@link #main}, and keep this one.
 */
class GoldenFormatTest {

  private static final Path GOLDEN = Path.of("src/test/resources/queue/format-1");

  @TempDir Path directory;

  @Test
  void whatVersion1WroteIsRead() throws Exception {
    try (Stream<Path> files = Files.list(GOLDEN)) {
      for (Path file : files.toList()) {
        Files.copy(file, directory.resolve(file.getFileName()));
      }
    }
    LogSettings settings = Logs.with(Logs.settings(), Logs.keys("golden"));
    try (DurableLog log = DurableLog.open(LocalDisk.create(directory), settings)) {
      assertThat(log.recovery().damaged()).isEmpty();
      assertThat(log.recovery().torn()).isEmpty();
      assertThat(log.recovery().segments()).isEqualTo(2);
      assertThat(log.end()).isEqualTo(4);
      List<LogEntry> entries = Logs.readAll(log);
      assertThat(entries)
          .extracting(LogEntry::signal)
          .containsExactly(Signal.TRACES, Signal.LOGS, Signal.METRICS, Signal.TRACES);
      assertThat(entries).extracting(LogEntry::items).containsExactly(1, 2, 3, 4);
      for (LogEntry entry : entries) {
        assertThat(entry.labels()).containsExactly("größe", "label " + entry.sequence());
        assertThat(entry.epochNanos()).isEqualTo(1_767_225_600_000_000_000L);
        assertThat(entry.body().toByteArray())
            .isEqualTo(Logs.body(entry.sequence(), 100 + 13 * (int) entry.sequence()));
      }
    }
    assertThat(CursorFile.in(directory).load().get("otlp").get(0)).containsExactly(0, 1);
  }

  /** Writes the directory anew, in the working directory of the module. */
  public static void main(String[] arguments) throws Exception {
    LogSettings plain = Logs.settings();
    append(plain, Signal.TRACES, Signal.LOGS, Signal.METRICS);
    append(Logs.with(plain, Logs.keys("golden")), Signal.TRACES);
    CursorFile.in(GOLDEN).save(Map.of("otlp", List.of(new long[] {0, 1})));
    Files.delete(GOLDEN.resolve("lock"));
  }

  private static void append(LogSettings settings, Signal... signals) throws Exception {
    try (DurableLog log = DurableLog.open(LocalDisk.create(GOLDEN), settings)) {
      for (Signal signal : signals) {
        int sequence = (int) log.end();
        log.append(
            signal,
            sequence + 1,
            List.of("größe", "label " + sequence),
            Slices.of(Logs.body(sequence, 100 + 13 * sequence)),
            new Logs.Results());
        log.writeNow();
      }
    }
  }
}
