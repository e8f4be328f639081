package dev.tallyspan.collector.queue.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.wire.Slices;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that is killed while it writes. For more rounds: {@code -Dqueue.schedules=20000} kills
 * it 200 times.
 */
class KilledProcessTest {

  private static final int KILLS = Math.max(3, Integer.getInteger("queue.schedules", 0) / 100);

  @TempDir Path directory;

  @Test
  @Timeout(600)
  void everythingThatWasAcknowledgedIsThereAfterEachKill() throws Exception {
    Random random = new Random(1);
    long acknowledged = -1;
    for (int kill = 0; kill < KILLS; kill++) {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  Appender.class.getName(),
                  directory.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      try (BufferedReader out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        int lines = 1 + random.nextInt(2000);
        for (String line = out.readLine(); line != null; line = out.readLine()) {
          acknowledged = Math.max(acknowledged, Long.parseLong(line));
          if (--lines == 0) {
            process.toHandle().destroyForcibly(); // Does not close the stream, which may have more.
          }
        }
      } finally {
        process.destroyForcibly();
        process.waitFor();
      }
      verify(acknowledged);
    }
  }

  private void verify(long acknowledged) throws Exception {
    try (DurableLog log = DurableLog.builder(directory).open()) {
      assertThat(log.recovery().damaged()).isEmpty();
      assertThat(log.end()).isGreaterThan(acknowledged);
      long next = 0;
      for (LogEntry entry : Logs.readAll(log)) {
        assertThat(entry.sequence()).isEqualTo(next++);
        assertThat(entry.body().toByteArray())
            .isEqualTo(Logs.body(entry.items(), Appender.size(entry.items())));
      }
      assertThat(next).isEqualTo(log.end());
    }
  }

  /** Appends without end, and prints each sequence that is stored. */
  static final class Appender {

    private Appender() {}

    static int size(int id) {
      return id % 5000;
    }

    public static void main(String[] arguments) throws Exception {
      DurableLog log = DurableLog.builder(Path.of(arguments[0])).segmentBytes(1 << 20).open();
      Semaphore underWay = new Semaphore(50);
      for (int id = 0; ; id++) {
        underWay.acquire();
        log.append(
            Signal.TRACES,
            id,
            List.of(),
            Slices.of(Logs.body(id, size(id))),
            new RequestLog.Appended() {
              @Override
              public void stored(long sequence) {
                System.out.println(sequence);
                underWay.release();
              }

              @Override
              public void refused(Outcome.Refused why) {
                throw new IllegalStateException(why.message());
              }
            });
      }
    }
  }
}
